/** Why a message did not reach a client, or a client did not stay. */
export type Cause =
  | 'authorization'
  | 'authentication'
  | 'clientIdentifier'
  | 'connectTimeout'
  | 'connections'
  | 'expired'
  | 'inbound'
  | 'inflight'
  | 'keepAlive'
  | 'outboundBytes'
  | 'packetTooLarge'
  | 'protocol'
  | 'publishRate'
  | 'queue'
  | 'refusedDraft'
  | 'retained'
  | 'sessions'
  | 'store'
  | 'subscriptions'
  | 'takeover'
  | 'tooLargeForClient'
  | 'topicAlias'
  | 'topicLevels'
  | 'unsupportedVersion';

/** What the engine counts since it was installed; gauges are marked. Read them at any time, never write. */
export interface EngineCounters {
  packetsReceived: number;
  packetsSent: number;
  bytesReceived: number;
  bytesSent: number;
  publishesReceived: number;
  publishesSent: number;
  publishBytesReceived: number;
  publishBytesSent: number;
  /** Sockets taken since start. */
  connectionsTotal: number;
  /** Gauge: sockets open now, with or without CONNECT. */
  connections: number;
  /** Gauge: sessions, connected or not. */
  sessions: number;
  /** Gauge: sessions without a connection. */
  sessionsOffline: number;
  sessionsExpired: number;
  /** Gauge: filters held over all sessions. */
  subscriptions: number;
  /** Gauge: about the memory they take. */
  subscriptionBytes: number;
  /** Gauge: of retained messages, as their limit counts them. */
  retainedBytes: number;
  /** Retained messages removed because they expired. */
  retainedExpired: number;
  /** Sessions that ended early to make room for others; they held nothing. */
  sessionsEvicted: number;
  /** Gauge: bytes of packets that are not whole yet. */
  inboundBytes: number;
  /** Gauge: bytes for clients that their sockets have not taken. */
  outboundBytes: number;
  /** Gauge: bytes of wills that wait. */
  willBytes: number;
  /** Gauge: messages waiting in queues, in flight included. */
  queuedMessages: number;
  queuedBytes: number;
  /** Messages not delivered to one client, by cause. */
  dropped: Partial<Record<Cause, number>>;
  /** Connections and packets refused, by cause. */
  refused: Partial<Record<Cause, number>>;
}

export function createCounters(): EngineCounters {
  return {
    packetsReceived: 0,
    packetsSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    publishesReceived: 0,
    publishesSent: 0,
    publishBytesReceived: 0,
    publishBytesSent: 0,
    connectionsTotal: 0,
    connections: 0,
    sessions: 0,
    sessionsOffline: 0,
    sessionsExpired: 0,
    subscriptions: 0,
    subscriptionBytes: 0,
    retainedBytes: 0,
    retainedExpired: 0,
    sessionsEvicted: 0,
    inboundBytes: 0,
    outboundBytes: 0,
    willBytes: 0,
    queuedMessages: 0,
    queuedBytes: 0,
    dropped: {},
    refused: {},
  };
}

/** Counts one more of a cause. */
export function count(causes: Partial<Record<Cause, number>>, cause: Cause, by = 1): void {
  causes[cause] = (causes[cause] ?? 0) + by;
}
