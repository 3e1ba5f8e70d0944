import mqtt from 'mqtt';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { codeOfReason } from '../errors.ts';
import type { Failure } from '../errors.ts';
import type { Answer, Link, LinkOptions, Message, OpenLink, PublishOptions, QoS } from '../link.ts';
import { Quota } from './quota.ts';

const fixedOptions = {
  protocolVersion: 5,
  // No Session Expiry: the session ends with its connection, and keeps nothing that another would have to undo.
  clean: true,
  // Each connection is a client of its own: what is sent again and when is decided by who uses the link.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // The default makes its worker from a blob: URL, which a page's policy may forbid.
  timerVariant: 'native',
} as const satisfies IClientOptions;

/** What a hub takes unacknowledged when it names no Receive Maximum (§3.2.2.3.3). */
const RECEIVE_MAXIMUM = 65_535;
/** Bytes of a PUBLISH beside its topic, payload and Content Type: header, lengths, packet id, expiry (§3.3). */
const PUBLISH_OVERHEAD = 24;

/** Links of MQTT 5 over MQTT.js: `mqtt:`, `mqtts:`, `ws:` and `wss:` in Node, the last two in browsers. */
export const openMqttLink: OpenLink = (url, options, events) => {
  const client = mqtt.connect(url, clientOptions(options));
  let failure: Failure = { code: 'link-down', message: 'The connection to the hub ended.' };
  let refused = false;
  let over = false;

  client.on('connect', () => events.opened());
  client.on('message', (_topic, _payload, packet) => events.message(messageOf(packet)));
  client.on('error', (error) => {
    const { code } = error as { code?: unknown };
    refused = typeof code === 'number' && !client.connected;
    failure = refused ? connackFailure(code as number, error.message) : { code: 'link-down', message: error.message };
  });
  client.on('disconnect', ({ reasonCode, properties }) => {
    const message = properties?.reasonString ?? 'The hub ended the connection.';
    failure = { code: 'link-down', message, ...(reasonCode !== undefined && { reasonCode }) };
  });
  client.on('close', () => {
    if (over) return;
    over = true;
    client.end(true);
    events.closed(failure, refused);
  });
  return linkOf(client);
};

function clientOptions({ clientId, username, password, ...times }: LinkOptions): IClientOptions {
  return {
    ...fixedOptions,
    clientId,
    username,
    ...(password !== undefined && { password }),
    keepalive: times.keepaliveSeconds,
    connectTimeout: times.connectTimeoutMs,
  };
}

function messageOf({ topic, payload, qos, retain, properties }: IPublishPacket): Message {
  const { contentType, subscriptionIdentifier: id } = properties ?? {};
  return {
    topic,
    payload: payload as Buffer,
    qos,
    retain,
    ...(contentType !== undefined && { contentType }),
    ...(id !== undefined && { subscriptions: [id].flat() }),
  };
}

function linkOf(client: MqttClient): Link {
  let quota: Quota | undefined;
  // What the hub can take is in its CONNACK, and nothing is published before that.
  const turns = (): Quota => (quota ??= new Quota(client.serverProperties?.receiveMaximum ?? RECEIVE_MAXIMUM));
  const publish = (topic: string, payload: Uint8Array, options: PublishOptions): Promise<Answer> =>
    // MQTT.js writes any Uint8Array; its types know only Node's.
    settle((done) => client.publish(topic, payload as never, publishOptions(options), done));
  return {
    publish: async (topic, payload, options) => {
      const limit = client.serverProperties?.maximumPacketSize ?? Infinity;
      if (sizeOf(topic, payload, options) > limit) return tooLarge(limit);
      if ((options.qos ?? 0) === 0) return publish(topic, payload, options);
      return turns().run(() => publish(topic, payload, options));
    },
    subscribe: (filter: string, qos: QoS, subscriptionIdentifier: number) => {
      const options = { qos, properties: { subscriptionIdentifier } };
      return settle((done) => client.subscribe(filter, options, done));
    },
    unsubscribe: async (filter) => void (await settle((done) => client.unsubscribe(filter, done))),
    probe: () =>
      new Promise((resolve) => {
        client.once('packetreceive', () => resolve());
        client.sendPing();
      }),
    end: () => client.endAsync(false),
    abort: () => void client.end(true),
  };
}

/** At most so many bytes on the wire; UTF-16 units take at most three each. */
function sizeOf(topic: string, payload: Uint8Array, { contentType = '' }: PublishOptions): number {
  return payload.length + 3 * (topic.length + contentType.length) + PUBLISH_OVERHEAD;
}

/** A hub that gets more than it said ends the connection [MQTT-3.2.2-15], so it is not sent at all. */
function tooLarge(limit: number): Answer {
  const reason = `The message is larger than the hub takes: ${limit} bytes with all that goes with it.`;
  return { reasonCode: 0x95, code: 'too-large', reason };
}

function publishOptions({ qos = 0, retain = false, contentType, expirySeconds }: PublishOptions) {
  const properties = {
    ...(contentType !== undefined && { contentType }),
    ...(expirySeconds !== undefined && { messageExpiryInterval: expirySeconds }),
  };
  return { qos, retain, properties };
}

interface Refusal extends Error {
  /** Of a PUBACK or PUBREC; an error of the socket has words here. */
  readonly code?: unknown;
  /** The SUBACK. */
  readonly packet?: { readonly granted?: readonly number[]; readonly properties?: Properties };
}

interface Properties {
  readonly reasonString?: string;
  readonly userProperties?: Readonly<Record<string, string | readonly string[]>>;
}

type Done = (error?: Refusal | null, packet?: unknown) => void;

/** A refusal is an answer; only what ended without one is an error. */
function settle(send: (done: Done) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send((error, packet) => {
      if (!error) return resolve({ reasonCode: 0 });
      const reasonCode = error.packet?.granted?.[0] ?? error.code;
      if (typeof reasonCode !== 'number') return reject(error);
      const { properties } = error.packet ?? (packet as { properties?: Properties } | undefined) ?? {};
      // Several of the hub's codes travel as one reason code, so it names its own too.
      const code = properties?.userProperties?.['code'];
      const reason = properties?.reasonString ?? error.message;
      resolve({ reasonCode, reason, ...(typeof code === 'string' && { code }) });
    });
  });
}

function connackFailure(reasonCode: number, message: string): Failure {
  return { code: codeOfReason(reasonCode), message, reasonCode };
}
