import type { Bounds, Entry } from './range.ts';

const MAX_LEAF = 512;

/** Neighbouring keys and their values; never empty. */
interface Leaf<V> {
  keys: string[];
  values: V[];
}

/**
 * A map in key order: a list of short sorted leaves. Appending costs a binary search and a push; an insertion moves at
 * most one leaf.
 */
export class SortedMap<V> {
  readonly #leaves: Leaf<V>[] = [];

  get(key: string): V | undefined {
    const leaf = this.#leaves[this.#leafOf(key)];
    if (!leaf) return undefined;
    const at = lowerBound(leaf.keys, key);
    return leaf.keys[at] === key ? leaf.values[at] : undefined;
  }

  set(key: string, value: V): void {
    const index = this.#leafOf(key);
    const leaf = this.#leaves[index];
    if (!leaf) return void this.#leaves.push({ keys: [key], values: [value] });
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] === key) leaf.values[at] = value;
    else if (at < MAX_LEAF) {
      insert(leaf, at, key, value);
      if (leaf.keys.length > MAX_LEAF) this.#split(index);
    } else this.#leaves.splice(index + 1, 0, { keys: [key], values: [value] });
  }

  delete(key: string): void {
    const index = this.#leafOf(key);
    const leaf = this.#leaves[index];
    if (!leaf) return;
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] !== key) return;
    leaf.keys.splice(at, 1);
    leaf.values.splice(at, 1);
    if (leaf.keys.length === 0) this.#leaves.splice(index, 1);
  }

  /** The entries within bounds, in their order. */
  read({ from, to, reverse, limit }: Bounds): Entry<V>[] {
    return reverse ? this.#readDown(from, to, limit) : this.#readUp(from, to, limit);
  }

  #readUp(from: string, to: string, limit: number): Entry<V>[] {
    const found: Entry<V>[] = [];
    for (let index = this.#leafOf(from); index < this.#leaves.length; index++) {
      const { keys, values } = this.#leaves[index]!;
      for (let at = lowerBound(keys, from); at < keys.length; at++) {
        const key = keys[at]!;
        if (key >= to || found.length >= limit) return found;
        found.push({ key, value: values[at]! });
      }
    }
    return found;
  }

  #readDown(from: string, to: string, limit: number): Entry<V>[] {
    const found: Entry<V>[] = [];
    for (let index = Math.min(this.#leafOf(to), this.#leaves.length - 1); index >= 0; index--) {
      const { keys, values } = this.#leaves[index]!;
      for (let at = lowerBound(keys, to) - 1; at >= 0; at--) {
        const key = keys[at]!;
        if (key < from || found.length >= limit) return found;
        found.push({ key, value: values[at]! });
      }
    }
    return found;
  }

  /** The last leaf that begins at or before the key: where it is, or where it belongs. */
  #leafOf(key: string): number {
    let low = 0;
    let high = this.#leaves.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#leaves[middle]!.keys[0]! <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #split(index: number): void {
    const { keys, values } = this.#leaves[index]!;
    const half = keys.length >>> 1;
    this.#leaves.splice(index + 1, 0, { keys: keys.splice(half), values: values.splice(half) });
  }
}

function insert<V>({ keys, values }: Leaf<V>, at: number, key: string, value: V): void {
  if (at === keys.length) {
    keys.push(key);
    values.push(value);
  } else {
    keys.splice(at, 0, key);
    values.splice(at, 0, value);
  }
}

/** Where the first key that is not less stands. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  if (high > 0 && keys[high - 1]! < key) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
