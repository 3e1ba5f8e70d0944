import mqtt from 'mqtt';
import type { IClientOptions, ISubscriptionGrant, MqttClient } from 'mqtt';
import { Observable } from '../observable.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import { LinkDown } from './link.ts';
import type { Link, LinkStatus, ListenOptions, Message, QoS } from './link.ts';
import { Subscriptions } from './subscriptions.ts';

/** MQTT 3.1.1, which every hub of this version takes; 5 adds reasons to refusals. */
const PROTOCOL_VERSION = 4;

/** How long a connection that may have died unnoticed has to answer a ping. */
const PROBE_MS = 4_000;

const ENDED = 'The connection to the hub ended.';

export interface MqttLinkOptions extends BackoffOptions {
  /** `ws://host:port/mqtt` */
  readonly url: string;
  readonly username: string;
  readonly clientId: string;
}

const clientOptions = {
  protocolVersion: PROTOCOL_VERSION,
  clean: true,
  // Each connection is a client of its own: what waits and what is resent is decided in state/, not in here.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  connectTimeout: 10_000,
  // A hidden page's timers run once a minute; the hub waits one and a half times this [MQTT-3.1.2-24].
  keepalive: 20,
  // The worker of the default is made from a blob: URL, which the page's policy forbids.
  timerVariant: 'native',
} as const satisfies IClientOptions;

/** A link over MQTT.js and WebSocket that comes back by itself. `open()` starts it. */
export class MqttLink extends Observable implements Link {
  readonly clientId: string;
  readonly #options: MqttLinkOptions;
  readonly #subscriptions = new Subscriptions();
  readonly #unacknowledged = new Set<(error: Error) => void>();
  #client: MqttClient | undefined;
  #status: LinkStatus = { state: 'connecting' };
  #connection = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MqttLinkOptions) {
    super();
    this.#options = options;
    this.clientId = options.clientId;
  }

  get status(): LinkStatus {
    return this.#status;
  }

  get connection(): number {
    return this.#connection;
  }

  open(): void {
    clearTimeout(this.#timer);
    const { url, username, clientId } = this.#options;
    this.#become({ state: 'connecting', ...('reason' in this.#status && { reason: this.#status.reason ?? '' }) });
    let reason = 'The hub does not answer.';
    const client = mqtt.connect(url, { ...clientOptions, username, clientId });
    this.#client = client;
    client.on('connect', () => this.#connected(client));
    client.on('message', (topic, payload, { qos, retain }) =>
      this.#subscriptions.dispatch({ topic, payload, qos, retain }),
    );
    client.on('error', (error) => (reason = error.message || reason));
    client.on('close', () => this.#lost(client, reason));
  }

  /** Now is a good moment: the network is back or the page is looked at again. */
  wake(): void {
    if (this.#status.state === 'waiting') this.open();
    else if (this.#status.state === 'online') this.#probe();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    this.#become({ state: 'closed' });
    this.#abandon();
    await client?.endAsync();
  }

  listen(filter: string, options: ListenOptions, handler: (message: Message) => void): () => void {
    const listener = { ...options, handler };
    if (this.#subscriptions.add(filter, listener)) this.#subscribe([filter]);
    return () => {
      const unused = this.#subscriptions.remove(filter, listener);
      if (unused && this.#client?.connected) this.#client.unsubscribe(filter);
    };
  }

  async publish(topic: string, payload: Uint8Array, options: { qos: QoS; retain?: boolean }): Promise<void> {
    const client = this.#client;
    if (this.#status.state !== 'online' || !client) throw new LinkDown('There is no connection to the hub.');
    const { promise, resolve, reject } = withResolvers();
    this.#unacknowledged.add(reject);
    // MQTT.js writes any Uint8Array; its types know only Node's.
    client.publish(topic, payload as Buffer, options, (error) => (error ? reject(asFailure(error)) : resolve()));
    await promise.finally(() => this.#unacknowledged.delete(reject));
  }

  #connected(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#attempt = 0;
    this.#connection++;
    // Sent before anything that state may publish, so nothing that it causes can be missed.
    this.#subscribe(this.#subscriptions.filters(), client);
    this.#become({ state: 'online' });
  }

  #lost(client: MqttClient, reason: string): void {
    client.removeAllListeners();
    client.on('error', () => undefined);
    client.end(true);
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#become({ state: 'waiting', reason });
    this.#abandon();
    this.#timer = setTimeout(() => this.open(), backoffMs(this.#attempt++, this.#options));
  }

  #abandon(): void {
    const error = new LinkDown(ENDED);
    for (const reject of this.#unacknowledged) reject(error);
  }

  #subscribe(filters: string[], client = this.#client): void {
    if (!client?.connected) return;
    for (const filter of filters) {
      client.subscribe(filter, { qos: this.#subscriptions.qos(filter) }, (error, granted) => {
        const reason = refusal(error, granted);
        if (reason && client === this.#client && client.connected) this.#subscriptions.refuse(filter, reason);
      });
    }
  }

  #probe(): void {
    const client = this.#client!;
    const timer = setTimeout(() => client.stream.destroy(new Error('The hub stopped answering.')), PROBE_MS);
    client.once('packetreceive', () => clearTimeout(timer));
    client.sendPing();
  }

  #become(status: LinkStatus): void {
    this.#status = status;
    this.changed();
  }
}

/** MQTT 5 gives the reason of a refusal as a code; whatever else happens to a publish is that its connection ended. */
function asFailure(error: Error): Error {
  return 'code' in error && typeof error.code === 'number' ? error : new LinkDown(ENDED);
}

function refusal(error: Error | null, granted: ISubscriptionGrant[] | undefined): string | undefined {
  if (error) return error.message;
  return granted?.some(({ qos }) => qos >= 0x80) ? 'The hub refused this filter.' : undefined;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => ((resolve = yes), (reject = no)));
  return { promise, resolve, reject };
}
