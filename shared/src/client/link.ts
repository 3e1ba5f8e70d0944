import type { Failure } from './errors.ts';

export type QoS = 0 | 1 | 2;

/** One publish as it arrived. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  /** True for what the hub kept, false for what is live [MQTT-3.3.1-9]. */
  readonly retain: boolean;
  readonly contentType?: string;
  /** Which subscriptions it is for, by the numbers they were made with; absent where the hub does not tell. */
  readonly subscriptions?: readonly number[];
}

export interface PublishOptions {
  readonly qos?: QoS;
  readonly retain?: boolean;
  /** MIME type. */
  readonly contentType?: string;
  /** Seconds after which the hub need not deliver it. */
  readonly expirySeconds?: number;
}

export interface LinkOptions {
  readonly clientId: string;
  readonly username: string;
  readonly password?: string;
  /** Seconds of silence after which each side asks whether the other is there. */
  readonly keepaliveSeconds: number;
  readonly connectTimeoutMs: number;
}

/** What a link tells; nothing more after `closed`. */
export interface LinkEvents {
  opened(): void;
  message(message: Message): void;
  /** @param refused true when the hub itself turned the connection down, with the CONNACK's code in the failure */
  closed(failure: Failure, refused: boolean): void;
}

/** One MQTT connection, from its start to its end: it does not come back by itself, and keeps nothing for later. */
export interface Link {
  /** Resolves with the acknowledgement's reason code: 0, or another with its words and the hub's own code. */
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<Answer>;
  /** Resolves with the granted QoS, or a code from 0x80 when the filter is refused. */
  subscribe(filter: string, qos: QoS, number: number): Promise<Answer>;
  unsubscribe(filter: string): Promise<void>;
  /** Asks the hub for a sign of life; resolves at the next packet from it. */
  probe(): Promise<void>;
  /** Says goodbye (DISCONNECT), so that the hub does not publish the will. */
  end(): Promise<void>;
  /** Cuts the connection. */
  abort(): void;
}

export interface Answer {
  readonly reasonCode: number;
  readonly reason?: string;
  /** The hub's own code of a refusal (docs/errors.md). */
  readonly code?: string;
}

export type OpenLink = (url: string, options: LinkOptions, events: LinkEvents) => Link;
