import {
  address,
  bytes,
  choice,
  count,
  httpUrl,
  networks,
  origins,
  path,
  port,
  portOrOff,
  seconds,
  url,
} from './kinds.ts';
import type { Kind } from './kinds.ts';

/** One option of the hub: its flag, variable and file key all follow from its key in the table. */
export interface OptionRow<Value> {
  readonly kind: Kind<Value>;
  /** Undefined: nothing is set. */
  readonly default: Value | undefined;
  readonly help: string;
}

function row<Value>(kind: Kind<Value>, standard: Value, help: string): OptionRow<Value> & { readonly default: Value } {
  return { kind, default: standard, help };
}

function optional<Value>(kind: Kind<Value>, help: string): OptionRow<Value> {
  return { kind, default: undefined, help };
}

/** Every option of the hub (PRODUCT.md §2). docs/options.md and `parley start --help` are printed from it. */
export const optionTable = {
  host: row(address, '127.0.0.1', 'address every listener binds'),
  mqttPort: row(port, 1883, 'MQTT over TCP'),
  mqttsPort: row(portOrOff, 'off', 'MQTT over TLS; needs tlsCert and tlsKey'),
  httpPort: row(port, 8080, 'web app, HTTP API and MQTT over WebSocket (/mqtt); https and wss with tlsCert and tlsKey'),
  httpRedirectPort: row(portOrOff, 'off', 'plain HTTP that only redirects to https; needs tlsCert and tlsKey'),
  tlsCert: optional(path, 'PEM file: the certificate and its chain'),
  tlsKey: optional(path, 'PEM file: the private key'),
  tlsCa: optional(
    path,
    'PEM file: the authority of client certificates; MQTT over TLS and wss ask for one, and with auth accounts its common name signs in',
  ),
  allowedOrigins: row(origins, [], 'origins whose pages may connect, besides the hub itself'),
  trustedProxies: row(
    networks,
    [],
    'proxies whose X-Forwarded-For, and with proxyProtocol whose PROXY header, says where a connection is from',
  ),
  proxyProtocol: row(
    choice('off', 'on'),
    'off',
    'on: MQTT connections from trustedProxies begin with a PROXY header, version 1 or 2',
  ),
  dataDir: row(path, './data', 'directory of the embedded store; created if missing; on a local disk'),
  store: row(choice('embedded', 'memory'), 'embedded', 'embedded: durable, in dataDir; memory: gone with the process'),
  auth: row(
    choice('open', 'accounts'),
    'open',
    'open: names are claims; accounts: people and devices sign in with passwords, tokens or certificates',
  ),
  rightsFile: optional(path, 'YAML or JSON file of roles and what they allow; needs auth accounts'),
  jwks: optional(
    path,
    'keys of foreign tokens: a JWKS file, a URL of one that ends in .json, or the URL of an OpenID issuer; needs auth accounts',
  ),
  authUrl: optional(
    httpUrl,
    'asked with a name and a password when the hub has no such account of its own; needs auth accounts',
  ),
  publicUrl: optional(url, 'how browsers reach the hub, when a proxy or another name is in front of it'),
  maxPacketBytes: row(
    bytes(1024, 268_435_455),
    1024 ** 2,
    'largest MQTT packet or HTTP body; refused before it is buffered',
  ),
  maxConnectBytes: row(bytes(1024, 268_435_455), 64 * 1024, 'largest CONNECT packet, its will included'),
  inboundMaxBytes: row(
    bytes(65_536, 1024 ** 4),
    256 * 1024 ** 2,
    'bytes of MQTT packets that are not whole yet, of all connections together',
  ),
  maxTopicLevels: row(count(1, 100), 100, 'most levels of a topic or filter'),
  maxConnections: row(count(1, 1_000_000), 20_000, 'most MQTT connections at once'),
  maxSessions: row(
    count(1, 10_000_000),
    100_000,
    'most sessions, connected or not; past it the oldest that wait for nothing end, then no more are begun that outlive their connection',
  ),
  maxSubscriptions: row(count(1, 1_000_000), 10_000, 'filters of one client'),
  subscriptionsMaxBytes: row(
    bytes(65_536, 1024 ** 4),
    256 * 1024 ** 2,
    'memory of the filters of all clients together, about; one client may have an eighth of it',
  ),
  maxRetainedMessages: row(
    count(0, 100_000_000),
    1_000_000,
    'retained messages; those of the hub itself are always kept',
  ),
  maxRetainedBytes: row(bytes(0, 1024 ** 4), 512 * 1024 ** 2, 'their bytes with topics, and 512 more for each'),
  maxConnectsPerSecond: row(
    count(0, 1_000_000),
    0,
    'connections from one address, in bursts of twice that; more are closed at once; 0 is off',
  ),
  connectTimeoutSeconds: row(seconds(1, 3600), 10, 'time from opening a connection to its CONNECT'),
  maxInflight: row(count(1, 65_535), 100, 'unacknowledged QoS 1 and 2 messages out to one client'),
  receiveMaximum: row(count(1, 65_535), 1000, 'unacknowledged QoS 1 and 2 messages accepted from one client'),
  maxQueuedMessages: row(
    count(0, 10_000_000),
    10_000,
    'messages queued per session, connected or not; past it they are dropped for that session alone',
  ),
  maxQueuedBytes: row(bytes(0, 1024 ** 4), 16 * 1024 ** 2, 'their bytes'),
  queuedMaxBytes: row(
    bytes(65_536, 1024 ** 4),
    512 * 1024 ** 2,
    'memory of what is queued in all sessions together, about, wills included; past it only what connected clients take at once is accepted',
  ),
  maxOutboundBytes: row(
    bytes(1024, 1024 ** 4),
    1024 ** 2,
    'unsent bytes to one client; past it QoS 0 to it is dropped, then it is disconnected',
  ),
  outboundMaxBytes: row(
    bytes(65_536, 1024 ** 4),
    512 * 1024 ** 2,
    'unsent bytes to all clients together; past it those with the most lose QoS 0, and an eighth past it they are disconnected',
  ),
  maxPublishesPerSecond: row(
    count(0, 1_000_000),
    0,
    'per client, in bursts of twice that; over it the hub stops reading that socket for a while; 0 is off',
  ),
  sessionExpirySeconds: row(seconds(0, 0xffff_ffff), 604_800, 'the longest an offline session is kept'),
  presenceGraceSeconds: row(seconds(0, 3600), 5, 'time from the last disconnect of a name to its being offline'),
  telemetryHours: row(
    count(1, 87_600),
    168,
    'hours telemetry is kept; older than 24 as minute averages with min and max',
  ),
  maxFileBytes: row(bytes(0, 1024 ** 4), 25 * 1024 ** 2, 'largest attachment'),
  filesMaxBytes: row(bytes(0, 1024 ** 5), 5 * 1024 ** 3, 'all attachments together'),
  jobHours: row(count(1, 8760), 24, 'hours a finished job can be read'),
  maxChannels: row(count(1, 1_000_000), 10_000, 'channels; a draft to a new name, or its creation, is refused past it'),
  historyMessages: row(count(1, 10_000_000), 100_000, 'entries kept per channel'),
  historyDays: row(count(1, 36_500), 365, 'days they are kept'),
  sysIntervalSeconds: row(seconds(0, 3600), 10, 'how often what changed below $SYS/broker is published; 0 is never'),
  homeAssistant: row(choice('off', 'on'), 'off', 'on: tell Home Assistant of every device, from its about'),
  logLevel: row(
    choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'info',
    'least severe log line that is written, to standard error; JSON lines when that is not a terminal',
  ),
} as const satisfies Record<string, OptionRow<unknown>>;

export type OptionKey = keyof typeof optionTable;

type ValueOf<Row> = Row extends { kind: Kind<infer Value>; default: infer Standard }
  ? undefined extends Standard
    ? Value | undefined
    : Value
  : never;

/** All options, resolved and frozen. */
export type HubOptions = { readonly [Key in OptionKey]: ValueOf<(typeof optionTable)[Key]> };

/** `mqttPort` → `mqtt-port`. */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `mqttPort` → `PARLEY_MQTT_PORT`. */
export function variableOf(key: string): string {
  return `PARLEY_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}
