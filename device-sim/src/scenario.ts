import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { basename } from 'node:path';
import { coded, isName, ParleyError } from '@parley/shared';
import * as z from 'zod';
import { behaviourNames, behaviours } from './behaviours/all.ts';
import type { DeviceSpec } from './device.ts';
import { parseDuration } from './duration.ts';
import { codecNames } from './telemetry.ts';
import { parseYaml } from './yaml.ts';

export const transports = ['tcp', 'ws'] as const;
export type Transport = (typeof transports)[number];

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 10) return ms;
  context.addIssue('expected a duration from 10ms up, such as 500ms, 2s or 1m');
  return z.NEVER;
});

const groupSchema = z.strictObject({
  /** `{n}` counts from 1. */
  name: z.string(),
  behaviour: z.enum(behaviourNames),
  count: z.int().min(1).max(10_000).default(1),
  transport: z.enum(transports).default('tcp'),
  codec: z.enum(codecNames).default('json'),
  interval: duration,
  jitter: z.number().min(0).max(1).default(0),
  qos: z.literal([0, 1, 2]).default(0),
});

const scenarioSchema = z
  .strictObject({ description: z.string().optional(), groups: z.array(groupSchema).min(1) })
  .superRefine(({ groups }, context) => {
    const taken = new Set<string>();
    for (const [index, group] of groups.entries()) {
      const problem = problemOfNames(group, taken);
      if (problem) context.addIssue({ code: 'custom', path: ['groups', index, 'name'], message: problem });
    }
  });

export type Scenario = z.infer<typeof scenarioSchema>;
type Group = z.infer<typeof groupSchema>;

function problemOfNames(group: Group, taken: Set<string>): string | undefined {
  if (group.count > 1 && !group.name.includes('{n}')) return 'a name for more than one device needs {n}';
  for (const name of namesOf(group)) {
    if (!isName(name)) return `${JSON.stringify(name)} is not 1 to 64 of a-z 0-9 _ -, starting with a letter or digit`;
    if (taken.has(name)) return `${name} is the name of another device already`;
    taken.add(name);
  }
  return undefined;
}

function namesOf({ name, count }: Group): string[] {
  return Array.from({ length: count }, (_, index) => name.replaceAll('{n}', String(index + 1)));
}

export function devicesOf({ groups }: Scenario): (DeviceSpec & { readonly transport: Transport })[] {
  return groups.flatMap((group) => {
    const { behaviour, transport, codec, interval, jitter, qos } = group;
    const spec = { behaviour: behaviours[behaviour], transport, codec, intervalMs: interval, jitter, qos };
    return namesOf(group).map((name) => Object.assign({ name }, spec));
  });
}

/** @throws ParleyError `scenario-invalid`, with file, line and column of what is wrong */
export function parseScenario(source: string, file: string): Scenario {
  return parseYaml(scenarioSchema, source, file, 'scenario-invalid');
}

const readyMade = new URL('../scenarios/', import.meta.url);

/**
 * A ready scenario by its name, or one's own by the path of its file.
 * @throws ParleyError `scenario-invalid`
 */
export async function loadScenario(nameOrPath: string): Promise<Scenario> {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return parseScenario(await read(nameOrPath), nameOrPath);
  const names = await readyNames();
  if (names.includes(nameOrPath)) return loadReady(nameOrPath);
  throw new ParleyError(
    'scenario-invalid',
    `there is no scenario ${JSON.stringify(nameOrPath)}: ready ones are ${names.join(', ')}; a file is given by its path, such as ./my.yaml`,
  );
}

/** The ready scenarios, by name. */
export async function listScenarios(): Promise<{ name: string; description: string }[]> {
  const names = await readyNames();
  return Promise.all(names.map(async (name) => ({ name, description: (await loadReady(name)).description ?? '' })));
}

async function readyNames(): Promise<string[]> {
  const files = await readdir(readyMade);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .toSorted();
}

async function loadReady(name: string): Promise<Scenario> {
  const path = fileURLToPath(new URL(`${name}.yaml`, readyMade));
  return parseScenario(await read(path), `${name}.yaml`);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ParleyError('scenario-invalid', `${path} cannot be read: ${coded(cause).message}`, { cause });
  }
}
