/** Limits and durations of the engine (PRODUCT.md §2). */
export interface EngineOptions {
  /** Largest packet taken, fixed header included; checked before anything is buffered. @default 1 MiB */
  readonly maxPacketBytes: number;
  /** Largest CONNECT: until it is read nobody knows who sends it. @default 64 KiB */
  readonly maxConnectBytes: number;
  /** Bytes of packets that are not whole yet, of all connections together. @default 256 MiB */
  readonly inboundMaxBytes: number;
  /** @default 100 */
  readonly maxTopicLevels: number;
  /** @default 20000 */
  readonly maxConnections: number;
  /** From the first byte possible to a whole CONNECT. @default 10 */
  readonly connectTimeoutSeconds: number;
  /** Unacknowledged QoS 1 and 2 messages out to one client; its own Receive Maximum may be lower. @default 100 */
  readonly maxInflight: number;
  /** Unacknowledged QoS 1 and 2 messages accepted from one client. @default 1000 */
  readonly receiveMaximum: number;
  /** Topic aliases a client may set up with us, and the most we use with it. @default 64 */
  readonly topicAliasMaximum: number;
  /** QoS 1 and 2 messages waiting in one session. @default 10000 */
  readonly maxQueuedMessages: number;
  /** Their bytes. @default 16 MiB */
  readonly maxQueuedBytes: number;
  /** About what waits in all sessions together takes in memory, wills included. @default 512 MiB */
  readonly queuedMaxBytes: number;
  /** Filters of one client. @default 10000 */
  readonly maxSubscriptions: number;
  /** About what the filters of all clients together take in memory; one client may have an eighth. @default 256 MiB */
  readonly subscriptionsMaxBytes: number;
  /** @default 1000000 */
  readonly maxRetainedMessages: number;
  /** About what they take in memory, if they are kept there. @default 512 MiB */
  readonly maxRetainedBytes: number;
  /** Sessions, connected or not. @default 100000 */
  readonly maxSessions: number;
  /** Unsent bytes to one connected client; replay does not count. @default 1 MiB */
  readonly maxOutboundBytes: number;
  /** Unsent bytes to all clients together; past it the largest lose QoS 0, then are disconnected. @default 512 MiB */
  readonly outboundMaxBytes: number;
  /** Per client, with bursts of twice that; 0 for off. @default 0 */
  readonly maxPublishesPerSecond: number;
  /** The longest a session is kept without a connection. @default 604800 */
  readonly sessionExpirySeconds: number;
  /** Longest keep alive accepted; a longer or missing one is replaced on MQTT 5 (§3.2.2.3.14). 0 for any. @default 0 */
  readonly maxKeepAliveSeconds: number;
  /** How long a client over `maxOutboundBytes` may take nothing before it is disconnected. @default 5 */
  readonly stallSeconds: number;
  /** Whether a session can be resumed or taken over only by the user who began it. @default false */
  readonly ownedSessions: boolean;
  /** Prefix of response topics given out on request (§3.2.2.3.15). @default 'hub/replies/' */
  readonly responsePrefix: string;
}

export const defaultEngineOptions: EngineOptions = Object.freeze({
  maxPacketBytes: 1024 * 1024,
  maxConnectBytes: 64 * 1024,
  inboundMaxBytes: 256 * 1024 * 1024,
  maxTopicLevels: 100,
  maxConnections: 20_000,
  connectTimeoutSeconds: 10,
  maxInflight: 100,
  receiveMaximum: 1000,
  topicAliasMaximum: 64,
  maxQueuedMessages: 10_000,
  maxQueuedBytes: 16 * 1024 * 1024,
  queuedMaxBytes: 512 * 1024 * 1024,
  maxSubscriptions: 10_000,
  subscriptionsMaxBytes: 256 * 1024 * 1024,
  maxRetainedMessages: 1_000_000,
  maxRetainedBytes: 512 * 1024 * 1024,
  maxSessions: 100_000,
  maxOutboundBytes: 1024 * 1024,
  outboundMaxBytes: 512 * 1024 * 1024,
  maxPublishesPerSecond: 0,
  sessionExpirySeconds: 604_800,
  maxKeepAliveSeconds: 0,
  stallSeconds: 5,
  ownedSessions: false,
  responsePrefix: 'hub/replies/',
});
