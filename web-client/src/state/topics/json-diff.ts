import { isJsonObject } from '@parley/shared';
import type { Json } from '@parley/shared';

/** One line of pretty JSON: only before, only after, or in both. */
export interface DiffLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** The lines of `after`, with those of `before` that are gone or changed beside what took their place. */
export function jsonDiff(before: Json, after: Json): DiffLine[] {
  return diff(before, after, '', '', '');
}

function diff(
  before: Json | undefined,
  after: Json | undefined,
  indent: string,
  name: string,
  end: string,
): DiffLine[] {
  if (before === undefined) return print(after!, '+', indent, name, end);
  if (after === undefined) return print(before, '-', indent, name, end);
  if (Array.isArray(before) && Array.isArray(after)) {
    const parts = Array.from({ length: Math.max(before.length, after.length) }, (_, at) => at);
    return wrapped('[', ']', parts, indent, name, end, (at, last) =>
      diff(before[at], after[at], `${indent}  `, '', last ? '' : ','),
    );
  }
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
    return wrapped('{', '}', keys, indent, name, end, (key, last) =>
      diff(own(before, key), own(after, key), `${indent}  `, `${JSON.stringify(key)}: `, last ? '' : ','),
    );
  }
  if (before === after) return print(after, ' ', indent, name, end);
  return [...print(before, '-', indent, name, end), ...print(after, '+', indent, name, end)];
}

function wrapped<Part>(
  open: string,
  close: string,
  parts: readonly Part[],
  indent: string,
  name: string,
  end: string,
  linesOf: (part: Part, last: boolean) => DiffLine[],
): DiffLine[] {
  if (parts.length === 0) return [{ mark: ' ', text: `${indent}${name}${open}${close}${end}` }];
  return [
    { mark: ' ', text: `${indent}${name}${open}` },
    ...parts.flatMap((part, at) => linesOf(part, at === parts.length - 1)),
    { mark: ' ', text: `${indent}${close}${end}` },
  ];
}

function print(value: Json, mark: DiffLine['mark'], indent: string, name: string, end: string): DiffLine[] {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map((line, at) => ({
    mark,
    text: `${indent}${at === 0 ? name : ''}${line}${at === lines.length - 1 ? end : ''}`,
  }));
}

function own(object: Record<string, Json>, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
