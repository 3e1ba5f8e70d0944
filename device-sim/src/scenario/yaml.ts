import { coded, ParleyError } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type * as z from 'zod';

/**
 * A YAML file as its schema gives it back.
 * @throws ParleyError of that code; its message starts with `file:line:column`
 */
export function parseYaml<Output>(schema: z.ZodType<Output>, source: string, file: string, code: ErrorCode): Output {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, message: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new ParleyError(code, `${file}:${line}:${col}: ${message}`);
  };

  const [broken] = document.errors;
  if (broken) return fail(broken.pos[0], broken.message);
  const result = schema.safeParse(toValue(document, fail), { error: wording });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  return fail(offsetOf(document, issue), describe(issue));
}

/** Aliases are resolved here: one of nothing, or one that would explode in size, is a mistake like any other. */
function toValue(document: Document, fail: (offset: number, message: string) => never): unknown {
  visit(document, {
    Alias: (_key, alias) => {
      if (!alias.resolve(document)) fail(alias.range?.[0] ?? 0, `there is no anchor &${alias.source} before this`);
    },
  });
  try {
    return document.toJS();
  } catch (error) {
    return fail(0, coded(error).message);
  }
}

/** YAML's own names for what JSON calls an object and an array. */
const typeNames: Readonly<Record<string, string>> = { object: 'a map', array: 'a list', int: 'a whole number' };

function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is missing' : `expected ${typeNames[issue.expected] ?? `a ${issue.expected}`}`;
  }
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.inst);
    return `unknown key ${issue.keys.join(', ')}${known.length > 0 ? `; known are ${known.join(', ')}` : ''}`;
  }
  if (issue.code === 'too_small') return `expected ${bound(issue.origin, 'at least', issue.minimum, issue.inclusive)}`;
  if (issue.code === 'too_big') return `expected ${bound(issue.origin, 'at most', issue.maximum, issue.inclusive)}`;
  if (issue.code === 'invalid_union') return `expected one of ${discriminators(issue.inst).join(', ')}`;
  return undefined;
}

function bound(origin: string, words: string, limit: number | bigint, isInclusive = true): string {
  const what = origin === 'array' ? ' in the list' : '';
  if (isInclusive) return `${words} ${limit}${what}`;
  return `${words === 'at least' ? 'more than' : 'less than'} ${limit}${what}`;
}

/** The parts of a schema that its public type hides. */
interface Definition {
  readonly shape?: Record<string, unknown>;
  readonly options?: readonly unknown[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
}

function definitionOf(schema: unknown): Definition {
  return (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def ?? {};
}

function knownKeys(schema: unknown): string[] {
  return Object.keys(definitionOf(schema).shape ?? {});
}

/** What the key that tells the members of a union apart may be. */
function discriminators(schema: unknown): string[] {
  const { options = [], discriminator = '' } = definitionOf(schema);
  return options
    .flatMap((option) => definitionOf(definitionOf(option).shape?.[discriminator]).values ?? [])
    .map(String);
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const named = path === '' ? '' : `${path.replace(/^\./, '')}: `;
  return named + issue.message;
}

/** Where the issue is: at the unknown key, at the value, or where the value is missing, at what should hold it. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  if (issue.code === 'unrecognized_keys') {
    const parent = nodeAt(document, issue.path);
    const pair = isMap(parent) && parent.items.find(({ key }) => isScalar(key) && key.value === issue.keys[0]);
    if (pair && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
  }
  for (let length = issue.path.length; length >= 0; length--) {
    const offset = nodeAt(document, issue.path.slice(0, length))?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return 0;
}

function nodeAt(document: Document, path: readonly PropertyKey[]): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}
