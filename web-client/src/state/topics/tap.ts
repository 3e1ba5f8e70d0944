import type { Arrived, Publication } from './seen.ts';

export type TapState = 'connecting' | 'online' | 'waiting' | 'closed';

export interface TapListener {
  message(arrived: Arrived): void;
  /** The hub took the filter: on every connection. */
  granted(): void;
  /** The hub refuses the filter. */
  refused(reason: string): void;
}

/** The inspector's own way to the hub, on MQTT 5 for its properties. It comes back by itself. */
export interface Tap {
  readonly state: TapState;
  watch(listener: () => void): () => void;
  /** Subscribes now and after every reconnect, until released. One filter at a time. */
  listen(filter: string, listener: TapListener): () => void;
  /** Sends now or not at all. @throws Error with the reason, for a person */
  publish(publication: Publication): Promise<void>;
}
