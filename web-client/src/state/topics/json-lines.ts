import { text, toHex } from '@parley/shared';
import type { Properties, Seen } from './seen.ts';

/**
 * Messages as JSON Lines, one object a line: `at` in ISO 8601, `topic`, `qos`, `retain`, `payload` as text, or as hex in
 * `payloadHex` when it is not UTF-8, and `properties` when there are any.
 */
export function toJsonLines(messages: readonly Seen[]): string {
  return messages.map((seen) => `${JSON.stringify(lineOf(seen))}\n`).join('');
}

function lineOf({ at, topic, qos, retain, payload, properties }: Seen): object {
  const source = textOf(payload);
  return {
    at: new Date(at).toISOString(),
    topic,
    qos,
    retain,
    ...(source === undefined ? { payloadHex: toHex(payload) } : { payload: source }),
    ...(properties && { properties: plain(properties) }),
  };
}

function plain({ correlationData, ...rest }: Properties): object {
  return { ...rest, ...(correlationData && { correlationDataHex: toHex(correlationData) }) };
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return text.decode(payload);
  } catch {
    return undefined;
  }
}
