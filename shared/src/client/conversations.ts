import { Conversation } from './conversation.ts';
import type { ConversationContext, ConversationOptions } from './conversation.ts';
import { OutboxStore } from './outbox-store.ts';
import type { SendRecord } from './outbox-store.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';

export type ConversationsContext = Omit<ConversationContext, 'store' | 'released'>;
export type ConversationsOptions = Omit<ConversationOptions, 'cacheKey'>;

/** The conversations that are followed, and those that only have something left to send. */
export class Conversations {
  readonly #context: ConversationContext;
  readonly #options: ConversationsOptions;
  readonly #byKey = new Map<string, Conversation>(); // by key of the place
  readonly #ending = new Set<Promise<void>>();
  #waiting = new Map<string, SendRecord[]>(); // by key of the place

  constructor(context: ConversationsContext, options: ConversationsOptions) {
    const store = new OutboxStore(context.storage, options.user);
    this.#context = { ...context, store, released: (conversation) => this.#released(conversation) };
    this.#options = options;
  }

  /** What waits in storage goes out without anyone asking for its channel. */
  async open(): Promise<void> {
    this.#waiting = await this.#context.store.load();
    for (const key of this.#waiting.keys()) this.get(placeOf(this.#options.user, key)).release();
  }

  /** The one of the place, now held by who asked. */
  get(place: Place): Conversation {
    const known = this.#byKey.get(place.key);
    known?.hold();
    if (known) return known;
    const records = this.#waiting.get(place.key) ?? [];
    this.#waiting.delete(place.key);
    const options = { ...this.#options, cacheKey: `cache/${this.#options.user}/${place.key}` };
    const made = new Conversation(place, this.#context, options, records);
    this.#byKey.set(place.key, made);
    return made;
  }

  /** Drafts on their way, followed or not. */
  get waiting(): number {
    return [...this.#byKey.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byKey.values()].map((one) => one.end()));
    await Promise.all(this.#ending);
  }

  /** Gone from here at once, so that who asks gets a new one; its end is waited for when the hub closes. */
  #released(conversation: Conversation): void {
    for (const [key, one] of this.#byKey) if (one === conversation) this.#byKey.delete(key);
    const ending = conversation.end().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
