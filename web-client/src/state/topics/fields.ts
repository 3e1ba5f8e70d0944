import { decodeSparkplug, isJsonObject, json, text } from '@parley/shared';
import type { Json } from '@parley/shared';
import type { Seen } from './seen.ts';
import { senmlRecords } from './shown.ts';
import type { View } from './view.ts';

/** Numbers in a payload, by the path to them; those of one message at most. */
export type Fields = ReadonlyMap<string, number>;

const MOST = 50;
const DEPTH = 6;

const kept = new WeakMap<Seen, { view: View; fields: Fields }>();

/** Numeric fields of a message as it is looked at; truths count as 0 and 1. What cannot be read has none. */
export function fieldsOf(seen: Seen, view: View): Fields {
  const known = kept.get(seen);
  if (known?.view === view) return known.fields;
  const fields = read(seen, view);
  kept.set(seen, { view, fields });
  return fields;
}

/** The values of one field over messages, in their order. Times in ms since the Unix epoch. */
export function seriesOf(messages: readonly Seen[], view: View, field: string): { at: number; value: number }[] {
  return messages.flatMap((seen) => {
    const value = fieldsOf(seen, view).get(field);
    return value === undefined ? [] : [{ at: seen.at, value }];
  });
}

function read(seen: Seen, view: View): Fields {
  const fields = new Map<string, number>();
  try {
    collect(fields, seen, view);
  } catch {
    // Its view says what is wrong with it.
  }
  return fields;
}

function collect(fields: Map<string, number>, seen: Seen, view: View): void {
  if (view === 'json' || view === 'diff') walk(fields, '', json.decode(seen.payload), 0);
  else if (view === 'text') note(fields, 'value', numberOf(text.decode(seen.payload)));
  else if (view === 'senml') for (const { name, value } of senmlRecords(seen)) note(fields, name, value);
  else if (view === 'sparkplug') {
    for (const { name, alias, value } of decodeSparkplug(seen.payload).metrics)
      note(fields, name ?? `alias ${alias}`, value);
  }
}

function walk(fields: Map<string, number>, path: string, value: Json, depth: number): void {
  if (depth > DEPTH || fields.size >= MOST) return;
  if (Array.isArray(value)) value.slice(0, MOST).forEach((one, at) => walk(fields, `${path}[${at}]`, one, depth + 1));
  else if (isJsonObject(value)) {
    for (const [key, one] of Object.entries(value)) walk(fields, path === '' ? key : `${path}.${key}`, one, depth + 1);
  } else note(fields, path === '' ? 'value' : path, value);
}

function note(fields: Map<string, number>, name: string, value: unknown): void {
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && fields.size < MOST) fields.set(name, number);
}

/** A payload that is nothing but a number, as many sensors send. */
function numberOf(source: string): number | undefined {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(source) ? Number(source) : undefined;
}
