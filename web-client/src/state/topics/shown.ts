import { cbor, decodeSparkplug, hexDump, json, resolveSenml, senmlCbor, senmlJson, text, toHex } from '@parley/shared';
import type { Json, ResolvedRecord } from '@parley/shared';
import { cborText } from './cbor-text.ts';
import { jsonDiff } from './json-diff.ts';
import type { DiffLine } from './json-diff.ts';
import type { Seen } from './seen.ts';
import { visible } from './visible.ts';
import type { View } from './view.ts';

/** Characters and lines shown at first: a browser lays out no megabyte in a moment. */
export const most = { characters: 20_000, bytes: 4096, lines: 1000 } as const;

/** A payload as it is shown: lines with marks when it is a difference, text otherwise. */
export type Shown =
  | { readonly text: string; readonly cut: boolean }
  | { readonly lines: readonly DiffLine[]; readonly cut: boolean }
  | { readonly table: Table; readonly cut: boolean }
  | { readonly problem: string };

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * A message in a view. What it is not is a problem in words, never another view.
 * @param before the message before it on its topic, for the difference
 */
export function shownAs(seen: Seen, view: View, before: Seen | undefined, whole = false): Shown {
  try {
    return makers[view](seen, before, whole);
  } catch (error) {
    return { problem: `${sentence((error as Error).message)} Look at it as hex.` };
  }
}

const makers: Readonly<Record<View, (seen: Seen, before: Seen | undefined, whole: boolean) => Shown>> = {
  text: ({ payload }, _, whole) => cutText(text.decode(payload), whole),
  json: ({ payload }, _, whole) => cutText(JSON.stringify(json.decode(payload), null, 2), whole),
  diff: (seen, before, whole) => cutLines(difference(seen, before), whole),
  hex: ({ payload }, _, whole) => {
    const cut = !whole && payload.length > most.bytes;
    return { text: hexDump(payload, cut ? most.bytes : payload.length), cut };
  },
  cbor: ({ payload }, _, whole) => cutText(cborText(cbor.decode(payload)), whole),
  senml: (seen, _, whole) => cutTable(senmlTable(seen), whole),
  sparkplug: ({ payload }, _, whole) => cutTable(sparkplugTable(payload), whole),
};

function difference({ payload }: Seen, before: Seen | undefined): DiffLine[] {
  if (!before) throw new Error('There is no message before this one to compare with');
  return jsonDiff(json.decode(before.payload), json.decode(payload)).map(({ mark, text: line }) => ({
    mark,
    text: visible(line),
  }));
}

/** SenML is JSON when it begins as JSON does, with a bracket (RFC 8428 §5); CBOR never begins so. */
export function senmlRecords({ payload, at }: Seen): ResolvedRecord[] {
  const isJson = /^[\s[]*\[/.test(String.fromCharCode(...payload.subarray(0, 16)));
  return resolveSenml((isJson ? senmlJson : senmlCbor).decode(payload), at / 1000);
}

function senmlTable(seen: Seen): Table {
  const rows = senmlRecords(seen).map(({ name, value, data, sum, unit, time }) => [
    name,
    value === undefined ? (data ?? (sum === undefined ? '' : `sum ${sum}`)) : String(value),
    unit ?? '',
    timeWords(time * 1000),
  ]);
  return { head: ['Name', 'Value', 'Unit', 'Time'], rows };
}

function sparkplugTable(payload: Uint8Array): Table {
  const { metrics, timestamp, seq, uuid, body } = decodeSparkplug(payload);
  const facts = Object.entries({ timestamp, seq, uuid, body }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, key === 'timestamp' ? timeWords(Number(value)) : String(value), '', '']],
  );
  const rows = metrics.map(({ name, alias, type, value, timestamp: at, properties }) => [
    name ?? (alias === undefined ? '' : `alias ${alias}`),
    [plain(value), properties === undefined ? '' : plain(properties)].filter((part) => part !== '').join('  '),
    type,
    at === undefined ? '' : timeWords(Number(at)),
  ]);
  return { head: ['Metric', 'Value', 'Type', 'Time'], rows: [...facts, ...rows] };
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function timeWords(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}

function cutText(source: string, whole: boolean): Shown {
  const cut = !whole && source.length > most.characters;
  return { text: visible(cut ? source.slice(0, most.characters) : source), cut };
}

function cutLines(lines: readonly DiffLine[], whole: boolean): Shown {
  // What did not change is worth the least: a long one shows what did, with some lines around it.
  const short = whole ? lines : around(lines);
  const cut = !whole && short.length > most.lines;
  return { lines: cut ? short.slice(0, most.lines) : short, cut: cut || short.length < lines.length };
}

const CONTEXT = 3;

function around(lines: readonly DiffLine[]): readonly DiffLine[] {
  if (lines.length < 60) return lines;
  const near = new Uint8Array(lines.length);
  for (const [at, { mark }] of lines.entries())
    if (mark !== ' ') near.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
  return lines.flatMap((line, at) => (near[at] ? [line] : near[at - 1] ? [{ mark: ' ' as const, text: '⋯' }] : []));
}

function cutTable({ head, rows }: Table, whole: boolean): Shown {
  const cut = !whole && rows.length > most.lines;
  const shown = (cut ? rows.slice(0, most.lines) : rows).map((row) => row.map((cell) => visible(cell.slice(0, 2000))));
  return { table: { head, rows: shown }, cut };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`;
}

/** One line for a list. */
export function previewOf(payload: Uint8Array): string {
  const start = payload.subarray(0, 200);
  // A cut may split the last character: that alone does not make it binary.
  const source = new TextDecoder('utf-8').decode(start, { stream: start.length < payload.length });
  if (!source.includes('\ufffd')) return visible(source.replaceAll(/\s+/g, ' '));
  return toHex(start.subarray(0, 32), ' ');
}
