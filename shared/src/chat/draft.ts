import * as z from 'zod/mini';
import { isJsonObject, parseJson, tryJson } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import { checked, jsonValue } from '../codecs/schema.ts';
import { text as utf8 } from '../codecs/text.ts';
import { ParleyError } from '../errors.ts';

/** A ULID (26 of Crockford's base 32, at most 2^128 - 1). */
export const ulidSchema = z.string().check(z.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected a ULID'));

export const entryKinds = ['text', 'edit', 'delete', 'reaction', 'file', 'data', 'notice'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What a client sends to `chat/<channel>` or `dm/<a>/<b>` as JSON. */
export const draftSchema = z.strictObject({
  id: z.optional(ulidSchema),
  kind: z.optional(z.enum(entryKinds)),
  text: z.optional(z.string()),
  replyTo: z.optional(ulidSchema),
  target: z.optional(ulidSchema),
  data: z.optional(jsonValue),
});

/** A draft whose kind is settled and whose fields fit it. */
export type Draft = z.infer<typeof draftSchema> & { readonly kind: EntryKind };

const draftKeys = new Set(Object.keys(draftSchema.shape));

/**
 * What a publish to a chat topic means (PRODUCT.md §4): JSON when the Content Type says so or when it parses as a JSON
 * object, else UTF-8 text; an object with none of a draft's keys is an entry of kind `data`.
 * @throws ParleyError `payload-invalid`
 */
export function parseDraft(payload: Uint8Array, contentType?: string): Draft {
  if (payload.length === 0) throw new ParleyError('payload-invalid', 'the payload is empty');
  const source = utf8.decode(payload);
  if (contentType !== undefined && isJsonType(contentType)) return checkDraft(parseJson(source));
  const value = looksLikeObject(source) ? tryJson(source) : undefined;
  return isJsonObject(value) ? checkDraft(value) : { kind: 'text', text: source };
}

/** @throws ParleyError `payload-invalid` */
export function checkDraft(value: Json): Draft {
  if (!isJsonObject(value)) throw new ParleyError('payload-invalid', 'a draft is a JSON object or plain text');
  const isDraft = Object.keys(value).some((key) => draftKeys.has(key));
  if (!isDraft) return { kind: 'data', data: checked(jsonValue, value, 'draft') };
  const draft = checked(draftSchema, value, 'draft');
  const kind = draft.kind ?? impliedKind(draft);
  for (const key of needs[kind]) {
    if (draft[key] === undefined) throw new ParleyError('payload-invalid', `draft of kind ${kind} needs ${key}`);
  }
  if (draft.text === '') throw new ParleyError('payload-invalid', 'draft has an empty text');
  return { ...draft, kind };
}

const needs: Readonly<Record<EntryKind, readonly (keyof z.infer<typeof draftSchema>)[]>> = {
  text: ['text'],
  edit: ['target', 'text'],
  delete: ['target'],
  reaction: ['target', 'text'],
  file: ['data'],
  data: ['data'],
  notice: ['text'],
};

function impliedKind(draft: z.infer<typeof draftSchema>): EntryKind {
  return draft.text === undefined && draft.data !== undefined ? 'data' : 'text';
}

function isJsonType(contentType: string): boolean {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  return type === 'application/json' || type.endsWith('+json');
}

function looksLikeObject(source: string): boolean {
  return /^\s*\{/.test(source);
}
