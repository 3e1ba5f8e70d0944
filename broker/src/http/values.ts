import { isJsonObject, ParleyError } from '@parley/shared';
import type { Json } from '@parley/shared';

/** JSON Schema of one value, as far as routes need it; the same schema validates HTTP and MQTT requests. */
export interface ValueSchema {
  readonly type: 'integer' | 'number' | 'string' | 'boolean';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly enum?: readonly string[];
  readonly default?: number | string | boolean;
}

export interface ValuesSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, ValueSchema>>;
}

/**
 * The values of an MQTT request, checked as HTTP checks a query, with defaults.
 * @throws ParleyError `request-invalid` naming the first that is wrong
 */
export function checkValues({ properties, required = [] }: ValuesSchema, given: Json): Record<string, Json> {
  if (!isJsonObject(given)) throw new ParleyError('request-invalid', 'expected a JSON object');
  for (const key of required)
    if (given[key] === undefined) throw new ParleyError('request-invalid', `${key} is missing`);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined) throw new ParleyError('request-invalid', `${unknown.slice(0, 100)} is an unknown key`);
  const values: Record<string, Json> = {};
  for (const [key, schema] of Object.entries(properties)) {
    const value = given[key] ?? schema.default;
    if (value === undefined) continue;
    if (!fits(value, schema)) throw new ParleyError('request-invalid', `${key} is not ${JSON.stringify(schema)}`);
    values[key] = value;
  }
  return values;
}

function fits(value: Json, schema: ValueSchema): boolean {
  const { type, minimum = -Infinity, maximum = Infinity, minLength = 0, maxLength = Infinity } = schema;
  if (typeof value === 'number') {
    const isKind = type === 'number' || (type === 'integer' && Number.isInteger(value));
    return isKind && value >= minimum && value <= maximum;
  }
  if (typeof value !== 'string') return typeof value === type;
  const { length } = value;
  return type === 'string' && length >= minLength && length <= maxLength && (schema.enum?.includes(value) ?? true);
}
