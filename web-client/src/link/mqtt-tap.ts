import mqtt from 'mqtt';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { Observable } from '../observable.ts';
import type { Arrived, Properties, Publication } from '../state/topics/seen.ts';
import type { Tap, TapListener, TapState } from '../state/topics/tap.ts';

export interface MqttTapOptions {
  /** `ws://host:port/mqtt` */
  readonly url: string;
  readonly username: string;
  readonly password?: string;
  readonly clientId: string;
  /** The longest wait between two connections, in ms. @default 10_000 */
  readonly capMs?: number;
}

const fixedOptions = {
  protocolVersion: 5,
  clean: true,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  connectTimeout: 10_000,
  keepalive: 20,
  // The default makes its worker from a blob: URL, which the page's policy forbids.
  timerVariant: 'native',
} as const satisfies IClientOptions;

/** A tap over MQTT.js and WebSocket. `open()` starts it. */
export class MqttTap extends Observable implements Tap {
  readonly #options: MqttTapOptions;
  #client: MqttClient | undefined;
  #wanted: { filter: string; listener: TapListener } | undefined;
  #state: TapState = 'connecting';
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MqttTapOptions) {
    super();
    this.#options = options;
  }

  get state(): TapState {
    return this.#state;
  }

  open(): void {
    clearTimeout(this.#timer);
    const { url, username, password, clientId } = this.#options;
    const client = mqtt.connect(url, {
      ...fixedOptions,
      username,
      clientId,
      ...(password !== undefined && { password }),
    });
    this.#client = client;
    client.on('connect', () => this.#connected(client));
    client.on(
      'message',
      (_topic, _payload, packet) => client === this.#client && this.#wanted?.listener.message(arrivedOf(packet)),
    );
    client.on('error', () => undefined);
    client.on('close', () => this.#lost(client));
    this.#become('connecting');
  }

  /** Now is a good moment: the network is back or the page is looked at again. */
  wake(): void {
    if (this.#state === 'waiting') this.open();
  }

  close(): void {
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    this.#wanted = undefined;
    client?.end();
    this.#become('closed');
  }

  listen(filter: string, listener: TapListener): () => void {
    const wanted = { filter, listener };
    this.#wanted = wanted;
    if (this.#client?.connected) this.#subscribe(this.#client, wanted);
    return () => {
      if (this.#wanted === wanted) this.#wanted = undefined;
      if (this.#client?.connected) this.#client.unsubscribe(filter);
    };
  }

  async publish({ topic, payload, qos, retain, properties }: Publication): Promise<void> {
    const client = this.#client;
    if (!client?.connected) throw new Error('There is no connection to the hub.');
    const own = properties && packetProperties(properties);
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => reject(new Error('The connection to the hub ended: it may or may not have arrived.'));
      client.once('close', gone);
      // MQTT.js writes any Uint8Array; its types know only Node's.
      client.publish(topic, payload as Buffer, { qos, retain, ...(own && { properties: own }) }, (error, packet) => {
        client.off('close', gone);
        if (error) reject(new Error(refusalWords(error, packet)));
        else resolve();
      });
    });
  }

  #connected(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#attempt = 0;
    if (this.#wanted) this.#subscribe(client, this.#wanted);
    this.#become('online');
  }

  /** Retain as published: the marker of a topic follows what is kept there, and not only what was kept at first. */
  #subscribe(client: MqttClient, { filter, listener }: { filter: string; listener: TapListener }): void {
    client.subscribe(filter, { qos: 2, rap: true }, (error, granted) => {
      if (!client.connected || this.#wanted?.listener !== listener) return;
      if (error) listener.refused(refusalWords(error, undefined));
      else if (granted?.some(({ qos }) => qos >= 0x80)) listener.refused('The hub refused this filter.');
      else listener.granted();
    });
  }

  #lost(client: MqttClient): void {
    client.end(true);
    if (client !== this.#client) return;
    this.#client = undefined;
    const { capMs = 10_000 } = this.#options;
    const waitMs = Math.max(100, Math.random() * Math.min(capMs, 500 * 2 ** Math.min(this.#attempt++, 16)));
    this.#timer = setTimeout(() => this.open(), waitMs);
    this.#become('waiting');
  }

  #become(state: TapState): void {
    this.#state = state;
    this.changed();
  }
}

function arrivedOf({ topic, payload, qos, retain, properties }: IPublishPacket): Arrived {
  const own = properties && propertiesOf(properties);
  return {
    topic,
    payload: payload as Uint8Array,
    qos,
    retain,
    ...(own && Object.keys(own).length > 0 && { properties: own }),
  };
}

type PacketProperties = NonNullable<IPublishPacket['properties']>;

function propertiesOf(given: PacketProperties): Properties {
  const { contentType, payloadFormatIndicator, responseTopic, correlationData, messageExpiryInterval, userProperties } =
    given;
  const user = Object.entries(userProperties ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const),
  );
  return {
    ...(contentType !== undefined && { contentType }),
    ...(payloadFormatIndicator !== undefined && { isText: payloadFormatIndicator }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData && { correlationData: new Uint8Array(correlationData) }),
    ...(messageExpiryInterval !== undefined && { expirySeconds: messageExpiryInterval }),
    ...(user.length > 0 && { user }),
  };
}

function packetProperties({ contentType, responseTopic, expirySeconds, user }: Properties): PacketProperties {
  const byName = new Map<string, string[]>();
  for (const [name, value] of user ?? []) byName.set(name, [...(byName.get(name) ?? []), value]);
  return {
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(expirySeconds !== undefined && { messageExpiryInterval: expirySeconds }),
    ...(byName.size > 0 && { userProperties: Object.fromEntries(byName) }),
  };
}

interface Answer {
  readonly properties?: { readonly reasonString?: string };
}

/** The hub's own words when it gave some. */
function refusalWords(error: Error, packet: unknown): string {
  const answer = ((error as { packet?: unknown }).packet ?? packet) as Answer | undefined;
  return answer?.properties?.reasonString ?? `The hub refused it: ${error.message}`;
}
