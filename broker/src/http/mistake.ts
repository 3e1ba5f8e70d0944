import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

/** What the parts of a request are called in an error. */
const parts: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** A key is a sender's own text, and may be as long as a body. */
const KEY_CHARACTERS = 100;

/** What of a request does not follow its schema, in words that name the field: `body.topic must be string`. */
export function describeMistake(error: FastifySchemaValidationError, part: string): string {
  const { keyword, instancePath, params, message = 'is not valid' } = error;
  const path = instancePath.split('/').slice(1).map(unescaped);
  const field = [parts[part] ?? part, ...path].join('.').slice(0, KEY_CHARACTERS);
  if (keyword === 'additionalProperties') return `${field} has an unknown key: ${keyOf(params['additionalProperty'])}`;
  if (keyword === 'required') return `${field}.${keyOf(params['missingProperty'])} is missing`;
  if (keyword === 'enum') return `${field} is none of ${JSON.stringify(params['allowedValues'])}`;
  return `${field} ${message}`;
}

function keyOf(key: unknown): string {
  return String(key).slice(0, KEY_CHARACTERS);
}

/** RFC 6901 §4. */
function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
