import { ClientError } from '@parley/shared/client';
import type { ConnectionState, Hub, Message, QoS } from '@parley/shared/client';
import { Observable } from '../observable.ts';
import { LinkDown } from './link.ts';
import type { Link, ListenOptions } from './link.ts';

/** The one MQTT session of the page, for what is not a conversation: presence, devices, any topic. */
export class HubLink extends Observable implements Link {
  readonly #hub: Hub;
  #connection: number;

  constructor(hub: Hub) {
    super();
    this.#hub = hub;
    this.#connection = hub.connection.state === 'online' ? 1 : 0;
    hub.on('connection', ({ state }) => {
      if (state === 'online') this.#connection++;
      this.changed();
    });
  }

  get clientId(): string {
    return this.#hub.clientId;
  }

  get status(): ConnectionState {
    return this.#hub.connection;
  }

  get connection(): number {
    return this.#connection;
  }

  listen(filter: string, { qos, refused }: ListenOptions, message: (message: Message) => void): () => void {
    return this.#hub.listen(filter, {
      qos,
      message,
      ...(refused && { refused: (failure) => refused(failure.message) }),
    });
  }

  async publish(topic: string, payload: Uint8Array, options: { qos: QoS; retain?: boolean }): Promise<void> {
    if (this.status.state !== 'online') throw new LinkDown('There is no connection to the hub.');
    try {
      await this.#hub.publish(topic, payload, options);
    } catch (error) {
      throw error instanceof ClientError ? new LinkDown(error.message) : error;
    }
  }
}
