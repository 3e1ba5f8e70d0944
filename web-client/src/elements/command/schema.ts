import { isJsonObject } from '@parley/shared';
import type { About, Json } from '@parley/shared';

/** One value of a command, as the form asks for it. */
export type Field = { readonly key: string; readonly label: string; readonly required: boolean } & (
  | { readonly type: 'switch' }
  | { readonly type: 'slider'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly type: 'number'; readonly min?: number; readonly max?: number; readonly step: number | 'any' }
  | { readonly type: 'select'; readonly options: readonly Json[] }
  | { readonly type: 'text' }
);

export interface Form {
  readonly fields: readonly Field[];
  /** The args are the one field's value itself, not an object of fields. */
  readonly bare: boolean;
}

/** Sliders of more steps than this cannot be set exactly: they become fields. */
const FINEST = 1000;

/** The form of a command's JSON Schema. What a form cannot ask for is asked for as text. */
export function toForm(schema: Record<string, Json> | undefined, label: (key: string) => string): Form {
  if (schema === undefined || (schema['type'] === undefined && !schema['properties'] && !schema['enum'])) {
    return { fields: [], bare: false };
  }
  if (schema['type'] !== 'object' && !schema['properties']) {
    return { fields: [toField('value', 'Value', true, schema)], bare: true };
  }
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = Object.entries(properties).map(([key, property]) => {
    const described = isJsonObject(property) ? property : {};
    const title = described['title'];
    return toField(key, typeof title === 'string' ? title : label(key), required.includes(key), described);
  });
  return { fields, bare: false };
}

/** Controls that can each be set alone, by one movement, need no button to confirm it. */
export function isImmediate({ fields }: Form): boolean {
  const alone = fields.length === 1 || fields.every(({ required }) => !required);
  return fields.length > 0 && alone && fields.every(({ type }) => ['switch', 'slider', 'select'].includes(type));
}

/** The switch of a device that fits on its card: its command and key. */
export function findSwitch(commands: About['commands']): { command: string; key: string } | undefined {
  for (const [command, { args }] of Object.entries(commands)) {
    const form = toForm(args, String);
    const field = form.fields.find(({ type }) => type === 'switch');
    if (field && isImmediate(form)) return { command, key: field.key };
  }
  return undefined;
}

function toField(key: string, label: string, required: boolean, schema: Record<string, Json>): Field {
  const common = { key, label, required };
  if (Array.isArray(schema['enum'])) return { ...common, type: 'select', options: schema['enum'] };
  if (schema['type'] === 'boolean') return { ...common, type: 'switch' };
  if (schema['type'] !== 'number' && schema['type'] !== 'integer') return { ...common, type: 'text' };
  const [min, max] = [numberOf(schema['minimum']), numberOf(schema['maximum'])];
  const step = numberOf(schema['multipleOf']) ?? (schema['type'] === 'integer' ? 1 : undefined);
  if (min !== undefined && max !== undefined && max > min) {
    const fine = step ?? niceStep(max - min);
    if ((max - min) / fine <= FINEST) return { ...common, type: 'slider', min, max, step: fine };
  }
  return {
    ...common,
    type: 'number',
    step: step ?? 'any',
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function niceStep(range: number): number {
  return 10 ** Math.floor(Math.log10(range / 50));
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
