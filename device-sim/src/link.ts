import type { Clock } from './clock.ts';
import { MqttLink } from './link/mqtt-link.ts';
import type { TlsOptions } from './link/transport.ts';
import type { Random } from './random.ts';

export type Qos = 0 | 1 | 2;

/** As CONNECT writes it: 3.1.1 or 5. */
export type ProtocolVersion = 4 | 5;

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  /** In ASCII; carried by MQTT 5. */
  readonly contentType?: string;
}

/** What became of a message. `lost`: the link was down (QoS 0), full (the oldest of QoS 1 and 2) or closed. */
export type Outcome = 'sent' | 'refused' | 'lost';

/** A message as it arrives. */
export interface Incoming {
  readonly retained: boolean;
  /** Seconds it may still wait, where MQTT 5 said so. */
  readonly expirySeconds?: number;
}

/** How busy the network is with a fleet; links count in what they share. */
export interface Traffic {
  /** Connections being opened. */
  opening: number;
  /** Messages of QoS 1 and 2 on connections, not acknowledged yet. */
  unacknowledged: number;
  /** Connections with more written than the network has taken. */
  blocked: number;
  /** Written by links. */
  bytes: number;
}

export interface LinkOptions {
  /** `mqtt://` and `mqtts://` go over TCP, `ws://` and `wss://` over WebSocket. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly will?: Message;
  /** Spreads the reconnects. */
  readonly random: Random;
  /** @default 4, the one version that every broker speaks */
  readonly version?: ProtocolVersion;
  /** @default 60 */
  readonly keepAliveSeconds?: number;
  /** Whether the broker keeps the session while the link is down. @default false */
  readonly isKept?: boolean;
  /** For MQTT 5. @default 3600 */
  readonly keptSeconds?: number;
  /** Messages of QoS 1 and 2 that wait; past it the oldest is dropped. @default 10_000 */
  readonly maxWaiting?: number;
  /** The first bound of the wait before a reconnect; it doubles up to `longestRetryMs`. @default 500 */
  readonly firstRetryMs?: number;
  /** @default 15_000 */
  readonly longestRetryMs?: number;
  readonly tls?: TlsOptions;
  /** Of the waits before reconnects. */
  readonly clock?: Clock;
  readonly traffic?: Traffic;
}

export interface LinkHandlers {
  /** Connected, the first time or again. Unless the session was kept it is new: subscribe and announce here. */
  up(isResumed: boolean): void;
  /** The connection is lost, or could not be made; it is tried again by itself. */
  down(problem?: Error): void;
  /** The broker said no (CONNACK); the link stays closed. */
  refused(error: Error): void;
  message(topic: string, payload: Uint8Array, retained: boolean, incoming: Incoming): void;
}

/** One MQTT connection, kept up until it is closed. */
export interface Link {
  readonly connected: boolean;
  /** Messages of QoS 1 and 2 that are not acknowledged, on their way or waiting. */
  readonly unacknowledged: number;
  /** While the link is down, QoS 1 and 2 wait and QoS 0 is lost; `done` may be called before this returns. */
  send(message: Message, done?: (outcome: Outcome) => void): void;
  /** Resolves when it is acknowledged; rejects when it was not sent. */
  publish(message: Message): Promise<void>;
  subscribe(filters: readonly string[], qos: Qos): Promise<void>;
  /** DISCONNECT when what was sent is acknowledged, then closed, within a second even when the broker is silent. */
  close(): Promise<void>;
  /** Ends without DISCONNECT, so that the broker publishes the will. */
  drop(): Promise<void>;
  /** Loses the connection without DISCONNECT; it is opened again at once, or after the usual wait. */
  cut(isHasty?: boolean): void;
  /** Hangs: writes nothing, not even PINGREQ, and reads nothing, but keeps the connection. */
  silence(isOn: boolean): void;
  /** Stops reading, and only that. */
  stopReading(isOn: boolean): void;
}

export type OpenLink = (options: LinkOptions, handlers: LinkHandlers) => Link;

export const openLink: OpenLink = (options, handlers) => new MqttLink(options, handlers);
