import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';
import { describeMistake } from './mistake.ts';

/**
 * What the routes of a scope get as their body: parsed JSON, the bytes of a draft (JSON or text), the bytes of anything,
 * or a stream that is theirs to bound.
 */
export type BodyKind = 'json' | 'draft' | 'bytes' | 'stream';

const options = { allErrors: false, strict: false } as const;

/** Compiles each schema once in a process: making a validator takes a millisecond, and its first the schema of schemas. */
function compiler(ajv: Ajv): (schema: unknown) => ValidateFunction {
  const compiled = new Map<string, ValidateFunction>(); // by schema
  return (schema) => {
    const key = JSON.stringify(schema);
    const known = compiled.get(key) ?? ajv.compile(JSON.parse(key) as AnySchema);
    compiled.set(key, known);
    return known;
  };
}

const strict = compiler(new Ajv(options));
const lenient = compiler(new Ajv({ ...options, coerceTypes: true, useDefaults: true }));

/**
 * Routes that take one kind of body. A JSON body is what its schema says and nothing else, while values of a query or
 * a path are text and become numbers or booleans first. Answers are written as they are: their schemas are for the
 * OpenAPI page, and so are those of bodies that are no parsed JSON.
 */
export async function apiScope(
  http: FastifyInstance,
  kind: BodyKind,
  routes: (api: FastifyInstance) => void,
): Promise<void> {
  await http.register((api, _options, done) => {
    api.setValidatorCompiler(({ schema, httpPart }) => {
      if (httpPart !== 'body') return lenient(schema);
      return kind === 'json' ? strict(schema) : () => true;
    });
    api.setSchemaErrorFormatter(([first], part) => new Error(describeMistake(first!, part)));
    api.setSerializerCompiler(() => (value) => JSON.stringify(value));
    api.removeAllContentTypeParsers();
    setParser(api, kind);
    routes(api);
    done();
  });
}

function setParser(api: FastifyInstance, kind: BodyKind): void {
  if (kind === 'json') {
    api.addContentTypeParser('application/json', { parseAs: 'string' }, api.getDefaultJsonParser('error', 'error'));
  } else if (kind === 'stream') api.addContentTypeParser('*', (_request, body, done) => done(null, body));
  else {
    const types = kind === 'draft' ? ['application/json', 'text/plain'] : '*';
    api.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
}
