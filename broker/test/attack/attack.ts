import type { Target } from './target.ts';

/** What came of an attack; it throws when the hub let something through. */
interface Outcome {
  readonly attempts: number;
  /** In words, for the table. */
  readonly outcome: string;
}

export interface Attack {
  /** A sentence's end: "The hub withstands …". */
  readonly name: string;
  readonly run: (target: Target) => Promise<Outcome>;
}

/** Runs work for every item, so many at a time. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How often each answer was given: `401 × 20, 429 × 80`. */
export function tally(answers: Iterable<unknown>): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(String(answer), (counts.get(String(answer)) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${answer} × ${count}`).join(', ');
}
