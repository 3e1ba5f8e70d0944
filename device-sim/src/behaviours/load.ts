import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { coded, ParleyError, topics } from '@parley/shared';
import * as z from 'zod';
import { around, seeded } from '../random.ts';
import { behaviours } from './all.ts';
import type { BehaviourName } from './all.ts';
import { behaviour, clamp, CommandRefused, firmwareUpdate, round } from './behaviour.ts';
import type { Behaviour } from './behaviour.ts';

/** What a module of one's own is given, so that it need import nothing. */
export const toolkit = { behaviour, firmwareUpdate, CommandRefused, around, clamp, round, z } as const;
export type Toolkit = typeof toolkit;

const definitionSchema = z.looseObject({
  initial: z.custom<Behaviour['initial']>(isFunction, 'expected a function'),
  tick: z.custom<Behaviour['tick']>(isFunction, 'expected a function'),
  command: z.custom<Behaviour['command']>(isFunction, 'expected a function'),
  report: z.custom<Behaviour['report']>(isFunction, 'expected a function'),
  readings: z.custom<Behaviour['readings']>(isFunction, 'expected a function'),
});

/**
 * A built-in behaviour, or that of a module: its default export is a behaviour, or a function that makes one of the
 * toolkit. TypeScript runs as it is; its types are taken away, not checked.
 * @throws ParleyError `scenario-invalid`
 */
export async function loadBehaviour(nameOrPath: string, directory: string): Promise<Behaviour> {
  if (isBuiltIn(nameOrPath)) return behaviours[nameOrPath];
  const path = resolve(directory, nameOrPath);
  try {
    return proven(await defaultExport(path));
  } catch (error) {
    throw new ParleyError('scenario-invalid', `behaviour ${path}: ${firstLine(error)}`, { cause: error });
  }
}

function isBuiltIn(name: string): name is BehaviourName {
  return Object.hasOwn(behaviours, name);
}

async function defaultExport(path: string): Promise<unknown> {
  const url = pathToFileURL(path).href;
  const module: unknown = /\.[mc]?js$/.test(path) ? await import(url) : await importTypeScript(url);
  // A CommonJS module arrives inside another default.
  const exported = defaultOf(module);
  const made = defaultOf(exported) ?? exported;
  if (made === undefined) throw new Error('it has no default export');
  return isFunction(made) ? (made as (kit: Toolkit) => unknown)(toolkit) : made;
}

function defaultOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, 'default') : undefined;
}

async function importTypeScript(url: string): Promise<unknown> {
  // Loaded when it is needed: it brings esbuild.
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(url, import.meta.url);
}

/** One tick of it, so that what does not fit is said before a thousand devices start. */
function proven(value: unknown): Behaviour {
  const parsed = definitionSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`the default export is no behaviour: ${path.join('.') || 'it'}: ${message}`);
  }
  const made = value as Behaviour;
  const about = topics.deviceAbout.codec.decode(topics.deviceAbout.codec.encode(made.about));
  const random = seeded(1);
  const state = made.tick(made.initial({ random, now: 0 }), { seconds: 1, random });
  if (JSON.stringify(state) === undefined) throw new Error('its state is not JSON');
  const [read, announced] = [Object.keys(made.readings(state)), Object.keys(about.metrics)];
  const missing = announced.find((metric) => !read.includes(metric)) ?? read.find((one) => !announced.includes(one));
  if (missing !== undefined) throw new Error(`${missing} is in one of about.metrics and readings, not in both`);
  return made;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function firstLine(error: unknown): string {
  return coded(error).message.split('\n')[0]!;
}
