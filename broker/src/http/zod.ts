import * as z from 'zod/mini';

/** A schema of `shared` as JSON Schema, for a route that takes or gives it; what has no such form is any JSON. */
export function jsonSchema(schema: z.ZodMiniType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return rest;
}
