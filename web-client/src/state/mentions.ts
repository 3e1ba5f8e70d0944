const MENTION = /(?<![\w@/.-])@([a-z0-9][a-z0-9_-]{0,63})/gi;
/** Names that call everybody. */
const everybody = new Set(['all', 'here']);

/** Whether a text calls somebody by `@name`, or everybody. */
export function mentions(text: string | undefined, user: string): boolean {
  if (text === undefined || !text.includes('@')) return false;
  for (const [, name] of text.matchAll(MENTION)) {
    const called = name!.toLowerCase();
    if (called === user || everybody.has(called)) return true;
  }
  return false;
}
