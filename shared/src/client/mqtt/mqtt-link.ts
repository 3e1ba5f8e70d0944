import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { codeOfReason } from '../errors.ts';
import type { Failure } from '../errors.ts';
import type { Answer, Link, LinkOptions, OpenLink, PublishOptions } from '../link.ts';

/** 3.1.1 is what every hub takes. With 5 nothing else changes here, and refusals come with their reason. */
const PROTOCOL_VERSION: 4 | 5 = 4;

/** CONNACK return codes of 3.1.1 (§3.2.2.3) as the reason codes of MQTT 5. */
const connackReasons: Readonly<Record<number, number>> = { 1: 0x84, 2: 0x85, 3: 0x88, 4: 0x86, 5: 0x87 };

const fixedOptions = {
  clean: true,
  // Each connection is a client of its own: what is sent again and when is decided by who uses the link.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // The default makes its worker from a blob: URL, which a page's policy may forbid.
  timerVariant: 'native',
} as const satisfies IClientOptions;

/** Links over MQTT.js: `mqtt:`, `mqtts:`, `ws:` and `wss:` in Node, the last two in browsers. */
export const openMqttLink: OpenLink = (url, options, events) => {
  const client = mqtt.connect(url, clientOptions(options));
  let failure: Failure = { code: 'link-down', message: 'The connection to the hub ended.' };
  let refused = false;
  let over = false;

  client.on('connect', () => events.opened());
  client.on('message', (topic, payload, { qos, retain, properties }) => {
    const contentType = properties?.contentType;
    events.message({ topic, payload, qos, retain, ...(contentType !== undefined && { contentType }) });
  });
  client.on('error', (error) => {
    const { code } = error as { code?: unknown };
    refused = typeof code === 'number' && !client.connected;
    failure = refused ? connackFailure(code as number, error.message) : { code: 'link-down', message: error.message };
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
    protocolVersion: PROTOCOL_VERSION,
    clientId,
    username,
    ...(password !== undefined && { password }),
    keepalive: times.keepaliveSeconds,
    connectTimeout: times.connectTimeoutMs,
  };
}

function linkOf(client: MqttClient): Link {
  return {
    publish: (topic, payload, options) =>
      // MQTT.js writes any Uint8Array; its types know only Node's.
      settle((done) => client.publish(topic, payload as never, publishOptions(options), done)),
    subscribe: (filter, qos) => settle((done) => client.subscribe(filter, { qos }, done)),
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

function publishOptions({ qos = 0, retain = false, contentType, expirySeconds }: PublishOptions) {
  const properties = {
    ...(contentType !== undefined && { contentType }),
    ...(expirySeconds !== undefined && { messageExpiryInterval: expirySeconds }),
  };
  // Narrowed by hand: the constant above is of one value today.
  const isV5 = (PROTOCOL_VERSION as number) === 5;
  return { qos, retain, ...(isV5 && Object.keys(properties).length > 0 && { properties }) };
}

interface Refusal extends Error {
  /** Of a PUBACK or PUBREC; an error of the socket has words here. */
  readonly code?: unknown;
  /** The SUBACK. */
  readonly packet?: { readonly granted?: readonly number[]; readonly properties?: Properties };
}

interface Properties {
  readonly reasonString?: string;
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
      resolve({ reasonCode, reason: properties?.reasonString ?? error.message });
    });
  });
}

function connackFailure(code: number, message: string): Failure {
  const reasonCode = connackReasons[code] ?? code;
  return { code: codeOfReason(reasonCode), message, reasonCode };
}
