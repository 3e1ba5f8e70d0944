import type { Link, LinkStatus, ListenOptions, Message, QoS } from '../../src/link/link.ts';
import { LinkDown } from '../../src/link/link.ts';
import { Subscriptions } from '../../src/link/subscriptions.ts';
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
  readonly #subscriptions = new Subscriptions();
  status: LinkStatus = { state: 'connecting' };
  connection = 0;

  up(): void {
    this.connection++;
    this.#become({ state: 'online' });
  }

  down(): void {
    this.#become({ state: 'waiting', reason: 'gone' });
    for (const { fail } of this.sent) fail();
  }

  deliver(topic: string, payload: unknown, { retain = false }: { retain?: boolean } = {}): void {
    const bytes = payload instanceof Uint8Array ? payload : new TextEncoder().encode(toText(payload));
    this.#subscriptions.dispatch({ topic, payload: bytes, qos: 1, retain });
  }

  filters(): string[] {
    return this.#subscriptions.filters();
  }

  listen(filter: string, options: ListenOptions, handler: (message: Message) => void): () => void {
    const listener = { ...options, handler };
    this.#subscriptions.add(filter, listener);
    return () => void this.#subscriptions.remove(filter, listener);
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

  #become(status: LinkStatus): void {
    this.status = status;
    this.changed();
  }
}

function toText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

/** What was sent as drafts, in order. */
export function draftsOf({ sent }: FakeLink): { id: string; text: string }[] {
  return sent.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as { id: string; text: string });
}

/** Lets everything that is settled be noticed. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
