import * as z from 'zod/mini';
import { ParleyError } from '../errors.ts';
import type { Codec } from './codec.ts';
import { isJson, isJsonObject, json } from './json.ts';
import type { Json } from './json.ts';

/** Any JSON value, given back as it is: `z.json()` copies, drops `__proto__` keys and has no limit of depth. */
export const jsonValue = z.custom<Json>((value) => isJson(value), 'expected JSON of at most 100 levels');
export const jsonObject = z.custom<Record<string, Json>>(
  (value) => isJsonObject(value) && isJson(value),
  'expected a JSON object of at most 100 levels',
);

/**
 * The value as its schema gives it back.
 * @throws ParleyError `payload-invalid` naming the first field that is wrong
 */
export function checked<Output>(schema: z.ZodMiniType<Output>, value: unknown, what: string): Output {
  const result = schema.safeParse(value, { error: reason });
  if (result.success) return result.data;
  throw new ParleyError('payload-invalid', `${what} is not valid${describe(result.error.issues[0]!)}`);
}

/** ` at a.b: what is wrong`, the path left out when there is none. */
function describe({ path, message }: z.core.$ZodIssue): string {
  return `${path.length > 0 ? ` at ${path.join('.')}` : ''}: ${message}`;
}

/**
 * Words for what is wrong, where the schema has none of its own. Given with each call, because zod's default is one for
 * the process: "Invalid input" until some other package imports the whole of zod with its English.
 */
function reason(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.join(', ')}`;
  if (issue.code === 'too_big') return `expected at most ${String(issue.maximum)}`;
  if (issue.code === 'too_small') return `expected at least ${String(issue.minimum)}`;
  if (issue.code === 'invalid_union') return `fits no form of it (${issue.errors.map(firstOf).join('; ')})`;
  return issue.code.replaceAll('_', ' ');
}

function firstOf(issues: z.core.$ZodIssue[]): string {
  return issues[0] ? describe(issues[0]).replace(/^: | (?=at )/, '') : '';
}

/** JSON of one schema, checked in both directions. */
export function jsonOf<Value>(schema: z.ZodMiniType<Value>, what: string): Codec<Value> {
  return {
    contentType: json.contentType,
    schema,
    encode: (value) => json.encode(checked(schema, value, what) as Json),
    decode: (bytes) => checked(schema, json.decode(bytes), what),
  };
}
