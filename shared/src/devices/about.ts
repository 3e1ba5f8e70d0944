import * as z from 'zod/mini';
import type { Codec } from '../codecs/codec.ts';
import { isJsonObject, json } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import { checked, jsonObject, jsonOf } from '../codecs/schema.ts';

const metricSchema = z.object({
  unit: z.optional(z.string()),
  min: z.optional(z.number()),
  max: z.optional(z.number()),
  class: z.optional(z.string()),
});
const commandAboutSchema = z.object({ args: z.optional(jsonObject) });

/** What a device says of itself: its metrics with units, and its commands with a JSON Schema of their `args`. */
const aboutSchema = z.object({
  model: z.string(),
  metrics: z.record(z.string(), metricSchema),
  commands: z.record(z.string(), commandAboutSchema),
});
export type About = z.infer<typeof aboutSchema> & {
  /** Metrics and commands that are left out because they are malformed, such as `commands.set`, each with the reason. */
  readonly hidden?: Readonly<Record<string, string>>;
};

const strictAbout = jsonOf(aboutSchema, 'about');

/** Writes strictly; reads what it can: one malformed command or metric is hidden, and named in `hidden`. */
export const aboutCodec: Codec<About> = {
  ...strictAbout,
  encode: ({ hidden: _hidden, ...about }) => strictAbout.encode(about),
  decode: (bytes) => {
    const value = json.decode(bytes);
    if (!isJsonObject(value)) return checked(aboutSchema, value, 'about');
    const metrics = readable(value['metrics'], metricSchema, 'metrics');
    const commands = readable(value['commands'], commandAboutSchema, 'commands');
    const about = checked(aboutSchema, { ...value, metrics: metrics.kept, commands: commands.kept }, 'about');
    const hidden = { ...metrics.hidden, ...commands.hidden };
    return Object.keys(hidden).length > 0 ? { ...about, hidden } : about;
  },
};

function readable(value: Json | undefined, schema: z.ZodMiniType, what: string): { kept: unknown; hidden: object } {
  if (!isJsonObject(value)) return { kept: value, hidden: {} };
  const hidden: [string, string][] = [];
  const kept = Object.entries(value).filter(([name, one]) => {
    const problem = problemOf(schema, one, `${what}.${name}`);
    if (problem !== undefined) hidden.push([`${what}.${name}`, problem]);
    return problem === undefined;
  });
  return { kept: Object.fromEntries(kept), hidden: Object.fromEntries(hidden) };
}

function problemOf(schema: z.ZodMiniType, value: Json, what: string): string | undefined {
  try {
    checked(schema, value, what);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
