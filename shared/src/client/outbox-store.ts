import * as z from 'zod/mini';
import { draftSchema, entryKinds, ulidSchema } from '../chat/draft.ts';
import { tryJson } from '../codecs/json.ts';
import { ClientError } from './errors.ts';
import type { TrackedSend } from './send.ts';
import type { ClientStorage } from './storage.ts';

const recordSchema = z.object({
  place: z.string(),
  id: ulidSchema,
  order: z.number(),
  at: z.number(),
  draft: z.object({ ...draftSchema.shape, kind: z.enum(entryKinds) }),
  failure: z.optional(z.object({ code: z.string(), message: z.string(), reasonCode: z.optional(z.number()) })),
});

/** A send as it is kept between runs. */
export type SendRecord = z.infer<typeof recordSchema>;

/** What one user has on its way, in storage: one key for each send, so that each call is one atomic step. */
export class OutboxStore {
  readonly #storage: ClientStorage;
  readonly #prefix: string;

  constructor(storage: ClientStorage, user: string) {
    this.#storage = storage;
    this.#prefix = `outbox/${user}/`;
  }

  /** Everything kept, by place, each in its order. What another version wrote and this one cannot read stays where it is. */
  async load(): Promise<Map<string, SendRecord[]>> {
    const byPlace = new Map<string, SendRecord[]>();
    for (const [, value] of await this.#storage.list(this.#prefix)) {
      const { data: record } = recordSchema.safeParse(tryJson(value));
      if (record) byPlace.set(record.place, [...(byPlace.get(record.place) ?? []), record]);
    }
    for (const records of byPlace.values()) {
      records.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
    }
    return byPlace;
  }

  /** @throws ClientError `storage-failed` */
  async put(place: string, { id, order, at, draft, state }: TrackedSend): Promise<void> {
    const record = { place, id, order, at, draft, ...(state.state === 'failed' && { failure: state.failure }) };
    try {
      await this.#storage.set(this.#key(id), JSON.stringify(record));
    } catch (cause) {
      throw new ClientError('storage-failed', `not stored: ${(cause as Error).message}`, { cause });
    }
  }

  delete(id: string): Promise<void> {
    return this.#storage.delete(this.#key(id));
  }

  #key(id: string): string {
    return `${this.#prefix}${id}`;
  }
}
