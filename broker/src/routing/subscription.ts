import type { QoS, RetainHandling } from '../mqtt/packets.ts';

/** What a client asked for with one filter (§3.8.3.1); 3.1 and 3.1.1 subscriptions have the defaults. */
export interface Subscription {
  /** As the client wrote it, `$share/…` included. */
  readonly filter: string;
  /** Highest QoS at which it is delivered: what was granted. */
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** 0 send retained messages, 1 only for a new subscription, 2 never. */
  readonly retainHandling: RetainHandling;
  /** Subscription Identifier, 0 for none. */
  readonly identifier: number;
}

/** How willing a subscriber is to take a message of a share group now; the highest is asked first. */
export const Readiness = { Never: 0, Offline: 1, Busy: 2, Free: 3 } as const;
export type Readiness = (typeof Readiness)[keyof typeof Readiness];

/** What routing knows of a session. */
export interface Subscriber {
  /** Whether the session can take a message of this QoS, and how soon. */
  readiness(qos: QoS): Readiness;
}
