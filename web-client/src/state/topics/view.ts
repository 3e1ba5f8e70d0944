import { json, text, topics } from '@parley/shared';
import type { Seen } from './seen.ts';

/** What a payload can be looked at as. */
export type View = 'text' | 'json' | 'diff' | 'hex' | 'cbor' | 'senml' | 'sparkplug';

export const viewNames: Readonly<Record<View, string>> = {
  text: 'Text',
  json: 'JSON',
  diff: 'Diff',
  hex: 'Hex',
  cbor: 'CBOR',
  senml: 'SenML',
  sparkplug: 'Sparkplug',
};

/** A view with what speaks for it, for a person. */
export interface Choice {
  readonly view: View;
  readonly why: string;
}

const byType: readonly (readonly [RegExp, View])[] = [
  [/^application\/senml\+(json|cbor)$/, 'senml'],
  [/^application\/cbor$|\+cbor$/, 'cbor'],
  [/^application\/json$|^text\/json$|\+json$/, 'json'],
  [/^text\/|\+xml$|^application\/(xml|yaml|javascript)$/, 'text'],
  [/sparkplug/, 'sparkplug'],
  [/^application\/octet-stream$|^image\/|^audio\/|^video\//, 'hex'],
];

const sparkplugTopic = /^spBv1\.0\/[^/]+\/[ND](BIRTH|DEATH|DATA|CMD)\//;
const jsonTopic = /^spBv1\.0\/STATE\/|^homeassistant\/.+\/config$/;

/**
 * The view of a message: what its Content Type declares, else what its topic is known to carry. Only where nothing says
 * anything its bytes are looked at, and then the choice says so.
 */
export function choiceOf({ topic, payload, properties }: Seen): Choice {
  const type = properties?.contentType?.split(';')[0]!.trim().toLowerCase();
  const declared = type === undefined ? undefined : byType.find(([pattern]) => pattern.test(type));
  if (declared) return { view: declared[1], why: `Content Type is ${type}.` };
  const known = byTopic(topic);
  if (known) return known;
  if (properties?.isText) return { view: 'text', why: 'Marked as UTF-8 text by its Payload Format Indicator.' };
  const without = type === undefined ? 'No Content Type and no known topic' : `Content Type ${type} is not known here`;
  if (!isText(payload)) return { view: 'hex', why: `${without}; it is not UTF-8 text.` };
  if (isJson(payload)) return { view: 'json', why: `${without}; it reads as JSON.` };
  return { view: 'text', why: `${without}; it is UTF-8 text.` };
}

/** What is used of a row of the topic table. */
interface Described {
  readonly pattern: string;
  readonly codec: { readonly contentType: string };
  parse(name: string): unknown;
}

function byTopic(topic: string): Choice | undefined {
  if (sparkplugTopic.test(topic)) return { view: 'sparkplug', why: 'The topic is one of Sparkplug B.' };
  if (jsonTopic.test(topic)) return { view: 'json', why: 'The topic is known to carry JSON.' };
  if (topic.startsWith('$SYS/')) return { view: 'text', why: 'Topics of $SYS carry text.' };
  const own = Object.values<Described>(topics).find((one) => one.parse(topic) !== undefined);
  const { contentType } = own?.codec ?? {};
  const found = contentType && byType.find(([pattern]) => pattern.test(contentType.split(';')[0]!));
  return found ? { view: found[1], why: `${own!.pattern} carries ${contentType.split(';')[0]}.` } : undefined;
}

function isText(payload: Uint8Array): boolean {
  return succeeds(() => text.decode(payload));
}

/** An object or array: a lone number or word is text all the same. */
function isJson(payload: Uint8Array): boolean {
  return [0x7b, 0x5b].includes(firstOf(payload)) && succeeds(() => json.decode(payload));
}

function firstOf(payload: Uint8Array): number {
  return payload.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte)) ?? 0;
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
