import type { Row } from '../../state/rows.ts';

/** Heights, in CSS pixels, of what was never drawn. */
const guesses = { day: 44, new: 32, gap: 42, arrivals: 26 } as const;
const LINE = 22;
const CHARACTERS_IN_LINE = 84;

/** Where the rows of a timeline stand: measured where they were drawn, guessed elsewhere. Free of the DOM. */
export class Layout {
  #rows: readonly Row[] = [];
  readonly #heights = new Map<string, number>(); // by key, measured
  #indices: Map<string, number> | undefined; // by key
  #tops: Float64Array | undefined; // of each row, and the end of the last

  get rows(): readonly Row[] {
    return this.#rows;
  }

  set(rows: readonly Row[]): void {
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#indices = undefined;
    this.#tops = undefined;
  }

  /** Another width, or another place: nothing measured holds. */
  forget(): void {
    this.#heights.clear();
    this.#tops = undefined;
  }

  measured(key: string, height: number): void {
    if (this.#heights.get(key) === height) return;
    this.#heights.set(key, height);
    this.#tops = undefined;
  }

  get height(): number {
    return this.#top()[this.#rows.length]!;
  }

  /** @param index of a row, or their number for the end of the last one */
  top(index: number): number {
    return this.#top()[Math.min(Math.max(0, index), this.#rows.length)]!;
  }

  index(key: string): number | undefined {
    this.#indices ??= new Map(this.#rows.map((row, index) => [row.key, index]));
    return this.#indices.get(key);
  }

  /** The row that stands at a height; the first or last one beyond. */
  at(y: number): number {
    const tops = this.#top();
    let [low, high] = [0, Math.max(0, this.#rows.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (tops[middle]! <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Rows between two heights, the end exclusive. */
  between(from: number, to: number): { start: number; end: number } {
    return { start: this.at(from), end: this.#rows.length === 0 ? 0 : this.at(to) + 1 };
  }

  #top(): Float64Array {
    if (this.#tops) return this.#tops;
    const tops = new Float64Array(this.#rows.length + 1);
    this.#rows.forEach((row, index) => {
      tops[index + 1] = tops[index]! + (this.#heights.get(row.key) ?? guess(row));
    });
    this.#tops = tops;
    return tops;
  }
}

function guess(row: Row): number {
  if (row.type !== 'entry') return guesses[row.type];
  const { text = '', kind, reactions } = row.item;
  const lines = Math.min(24, Math.ceil(text.length / CHARACTERS_IN_LINE) + text.split('\n', 24).length - 1);
  return Math.max(1, lines) * LINE + 2 + (row.head ? 32 : 0) + (kind === 'file' ? 180 : 0) + (reactions.length && 32);
}
