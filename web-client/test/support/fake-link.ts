import { matches } from '@parley/shared';
import type { ConnectionState, Message, QoS } from '@parley/shared/client';
import type { Link, ListenOptions } from '../../src/link/link.ts';
import { LinkDown } from '../../src/link/link.ts';
import { Observable } from '../../src/observable.ts';

export interface Sent {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly acknowledge: () => void;
  readonly fail: (error?: Error) => void;
}

/** A link whose network a test plays: what is sent waits for its acknowledgement, what arrives is told. */
export class FakeLink extends Observable implements Link {
  readonly clientId = 'web-fake';
  readonly sent: Sent[] = [];
  readonly #listeners = new Set<{ filter: string; handler: (message: Message) => void }>();
  status: ConnectionState = { state: 'connecting', attempt: 0 };
  connection = 0;

  up(): void {
    this.connection++;
    this.#become({ state: 'online', since: 0 });
  }

  down(): void {
    this.#become({ state: 'waiting', attempt: 1, retryAt: 0, failure: { code: 'link-down', message: 'gone' } });
    for (const { fail } of this.sent) fail();
  }

  deliver(topic: string, payload: unknown, { retain = false }: { retain?: boolean } = {}): void {
    const bytes = payload instanceof Uint8Array ? payload : new TextEncoder().encode(toText(payload));
    for (const { filter, handler } of this.#listeners) {
      if (matches(filter, topic)) handler({ topic, payload: bytes, qos: 1, retain });
    }
  }

  filters(): string[] {
    return [...this.#listeners].map(({ filter }) => filter);
  }

  listen(filter: string, _options: ListenOptions, handler: (message: Message) => void): () => void {
    const listener = { filter, handler };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async publish(topic: string, payload: Uint8Array, { qos }: { qos: QoS }): Promise<void> {
    if (this.status.state !== 'online') throw new LinkDown('down');
    await new Promise<void>((resolve, reject) => {
      this.sent.push({
        topic,
        payload,
        qos,
        acknowledge: resolve,
        fail: (error = new LinkDown('gone')) => reject(error),
      });
    });
  }

  #become(status: ConnectionState): void {
    this.status = status;
    this.changed();
  }
}

function toText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

/** Lets everything that is settled be noticed. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
