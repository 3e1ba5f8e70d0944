// What a filter or name is, is defined once, in shared/src/topics/filter.ts. Here is what routing asks beyond that, and for
// every message, where a regular expression or an array would cost more than the answer.

/** Separator of topic levels (§4.7.1.1). */
export const SEPARATOR = '/';

const DOLLAR = 36;

/** Whether a topic starts with `$`, which a leading wildcard must not match [MQTT-4.7.2-1]. */
export function isReserved(topic: string): boolean {
  return topic.charCodeAt(0) === DOLLAR;
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('#') || filter.includes('+');
}

/** Whether a filter asks for a shared subscription, well formed or not. */
export function isShared(filter: string): boolean {
  return filter.startsWith('$share/');
}
