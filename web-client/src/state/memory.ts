/** What is kept between visits: the web's Storage, or a fake of it. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** JSON under a key; undefined for what is not there or another version wrote. */
export function recall(memory: Memory, key: string): unknown {
  try {
    return JSON.parse(memory.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** A set of names under a key. */
export function recallNames(memory: Memory, key: string): Set<string> {
  const value = recall(memory, key);
  return new Set(Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []);
}
