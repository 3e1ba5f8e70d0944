import { ParleyError, topics } from '@parley/shared';
import type { Json } from '@parley/shared';
import type { LinkOptions, OpenLink } from '../link.ts';
import type { Ledger } from './ledger.ts';

/** An observer that is away must be back before its queue at the broker is full. */
const retryMs = { firstRetryMs: 50, longestRetryMs: 500 };

export interface ObserverOptions {
  readonly connection: Pick<LinkOptions, 'url' | 'username' | 'password' | 'tls'>;
  readonly openLink: OpenLink;
  readonly random: LinkOptions['random'];
  readonly ledger: Ledger;
  /** Replies of devices to commands. */
  readonly replied: (id: string, payload: Uint8Array) => void;
}

export interface Observer {
  /** Resolves when everything that is published from now on is seen; rejects when the broker refuses it. */
  readonly ready: Promise<void>;
  command(device: string, command: string, id: string, args: Json): Promise<void>;
  stop(): Promise<void>;
}

/** A client of its own that sees what the broker delivers. Its session is kept, so that it misses nothing. */
export function startObserver({ connection, openLink, random, ledger, replied }: ObserverOptions): Observer {
  // Short enough for a broker of 3.1.
  const clientId = `sim-${Math.floor(random() * 2 ** 32).toString(36)}`;
  const options = { username: clientId, ...connection, clientId, random, ...retryMs };
  const filters = [topics.telemetry.filter(), topics.telemetryCbor.filter(), topics.reply.filter()];
  let [seeing, failed] = [(): void => {}, (_error: Error): void => {}];
  const ready = new Promise<void>((resolve, reject) => ([seeing, failed] = [resolve, reject]));

  const link = openLink(
    { ...options, isKept: true },
    {
      up: () => {
        // Again after each connection: it changes nothing, and a broker may have lost the session.
        link.subscribe(filters, 1).then(seeing, () => undefined);
      },
      down: () => {},
      refused: (error) =>
        failed(new ParleyError('not-authorized', `the broker refused the observer: ${error.message}`)),
      message: (topic, payload) => {
        if (ledger.came(topic, payload)) return;
        const reply = topics.reply.parse(topic);
        if (reply) replied(reply.id, payload);
      },
    },
  );

  return {
    ready,
    command: (device, command, id, args) => {
      const payload = topics.command.codec.encode({ id, args });
      return link.publish({ topic: topics.command.build({ device, command }), payload, qos: 1, retain: false });
    },
    stop: async () => {
      await link.close();
      await forget();
    },
  };

  /** A clean connection takes the kept session away. */
  function forget(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(late);
        void last.close().then(resolve);
      };
      const late = setTimeout(end, 1000);
      const last = openLink(options, { up: end, down: end, refused: end, message: () => {} });
    });
  }
}
