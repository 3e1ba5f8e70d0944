import { isTopic } from '@parley/shared';
import * as z from 'zod/mini';
import { Observable } from '../../observable.ts';

/** How what is typed becomes the payload. */
export const encodings = ['text', 'json', 'hex', 'base64'] as const;

const savedSchema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(60)),
  topic: z.string().check(z.refine(isTopic)),
  payload: z.string().check(z.maxLength(100_000)),
  encoding: z.enum(encodings),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  contentType: z.string(),
  responseTopic: z.string(),
  /** In seconds; empty for none. */
  expiry: z.string(),
  user: z.array(z.tuple([z.string(), z.string()])),
});

/** A publish as it was typed; under a name it is a button. */
export type Saved = z.infer<typeof savedSchema>;

/** The part of `localStorage` that is used. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'parley:publishes';
const MOST_SAVED = 50;

/** Publishes kept as buttons, in this browser. */
export class SavedPublishes extends Observable {
  readonly #shelf: Shelf;
  #all: readonly Saved[];

  constructor(shelf: Shelf) {
    super();
    this.#shelf = shelf;
    this.#all = read(shelf);
  }

  get all(): readonly Saved[] {
    return this.#all;
  }

  /** In the place of one of the same name, else at the end. @returns false when there are too many */
  save(saved: Saved): boolean {
    const at = this.#all.findIndex(({ name }) => name === saved.name);
    if (at < 0 && this.#all.length >= MOST_SAVED) return false;
    this.#become(at < 0 ? [...this.#all, saved] : this.#all.with(at, saved));
    return true;
  }

  remove(name: string): void {
    this.#become(this.#all.filter((one) => one.name !== name));
  }

  #become(all: readonly Saved[]): void {
    this.#all = all;
    try {
      this.#shelf.setItem(KEY, JSON.stringify(all));
    } catch {
      // Storage may be full or switched off: they hold for this visit.
    }
    this.changed();
  }
}

function read(shelf: Shelf): Saved[] {
  try {
    const kept = z.safeParse(z.array(savedSchema), JSON.parse(shelf.getItem(KEY) ?? '[]'));
    return kept.success ? kept.data.slice(0, MOST_SAVED) : [];
  } catch {
    return [];
  }
}
