/**
 * Topic names and topic filters as MQTT defines them (MQTT 5.0 §4.7 and §4.8.2; the same rules hold for 3.1.1).
 * Lengths are bounded by the wire (65 535 bytes of UTF-8); levels by the caller.
 */

/** A subscription filter taken apart: `$share/<group>/<filter>` or a plain filter. */
export interface ParsedFilter {
  readonly filter: string;
  readonly group?: string;
}

/** True for a name that can be published to: not empty, no wildcard, no U+0000, within `maxLevels`. */
export function isTopic(topic: string, maxLevels = Infinity): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic) && levelCount(topic) <= maxLevels;
}

/** True for a filter that can be subscribed to, `$share/…` included. */
export function isFilter(filter: string, maxLevels = Infinity): boolean {
  const parsed = parseFilter(filter);
  return parsed !== undefined && levelCount(parsed.filter) <= maxLevels;
}

/** The filter taken apart, or undefined when it is malformed. */
export function parseFilter(text: string): ParsedFilter | undefined {
  if (!text.startsWith('$share/')) return wellFormed(text) ? { filter: text } : undefined;
  const slash = text.indexOf('/', 7);
  const group = text.slice(7, slash);
  const filter = text.slice(slash + 1);
  if (slash < 0 || group === '' || /[+#\0]/.test(group) || !wellFormed(filter)) return undefined;
  return { filter, group };
}

function wellFormed(filter: string): boolean {
  if (filter === '' || filter.includes('\0')) return false;
  const levels = filter.split('/');
  return levels.every((level, index) => {
    if (level === '+') return true;
    if (level === '#') return index === levels.length - 1;
    return !/[+#]/.test(level);
  });
}

export function levelCount(topic: string): number {
  let count = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) count++;
  return count;
}

/**
 * Whether a well-formed filter matches a topic name. A filter of a shared subscription matches as its inner filter.
 * A leading wildcard does not match a topic that starts with `$` [MQTT-4.7.2-1].
 */
export function matches(filter: string, topic: string): boolean {
  const parsed = parseFilter(filter);
  return parsed !== undefined && matchLevels(parsed.filter.split('/'), topic.split('/'));
}

function matchLevels(filter: string[], topic: string[]): boolean {
  if (topic[0]!.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  for (const [index, level] of filter.entries()) {
    if (level === '#') return true;
    if (index >= topic.length) return false;
    if (level !== '+' && level !== topic[index]) return false;
  }
  return filter.length === topic.length;
}

/** Whether some topic name exists that both filters match: the question behind "may this filter be granted at all". */
export function overlaps(one: string, other: string): boolean {
  const [left, right] = [parseFilter(one), parseFilter(other)];
  if (!left || !right) return false;
  const [a, b] = [left.filter.split('/'), right.filter.split('/')];
  if (hidesDollar(a[0]!, b[0]!) || hidesDollar(b[0]!, a[0]!)) return false;
  return overlapLevels(a, b);
}

function hidesDollar(wildcard: string, literal: string): boolean {
  return (wildcard === '+' || wildcard === '#') && literal.startsWith('$');
}

function overlapLevels(a: string[], b: string[]): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const [x, y] = [a[index]!, b[index]!];
    if (x === '#' || y === '#') return true;
    if (x !== y && x !== '+' && y !== '+') return false;
  }
  if (a.length === b.length) return true;
  // `a/#` also matches its parent `a` (§4.7.1.2), but the parent of `/#` is empty and no topic name.
  const onlyEmpty = shorter === 1 && (a[0] === '' || b[0] === '');
  return (a[shorter] ?? b[shorter]) === '#' && !onlyEmpty;
}
