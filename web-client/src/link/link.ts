import type { ConnectionState, Message, QoS } from '@parley/shared/client';

export interface ListenOptions {
  readonly qos: QoS;
  /** Called when the hub refuses the filter. */
  readonly refused?: (reason: string) => void;
}

/** The narrow way to the hub that state is written against: subscribe, publish, and whether it is up. */
export interface Link {
  readonly clientId: string;
  readonly status: ConnectionState;
  /** Counts connections; a new value means that live messages may have been missed. */
  readonly connection: number;
  watch(listener: () => void): () => void;
  /** Subscribes now and after every reconnect, until released. */
  listen(filter: string, options: ListenOptions, handler: (message: Message) => void): () => void;
  /**
   * Sends now or not at all: nothing waits in here.
   * @throws LinkDown when there is no connection, or it ends before the acknowledgement; Refused by the hub
   */
  publish(topic: string, payload: Uint8Array, options: { qos: QoS; retain?: boolean }): Promise<void>;
}

/** The connection is down or went down before the acknowledgement: it may or may not have been received. */
export class LinkDown extends Error {
  override readonly name = 'LinkDown';
}
