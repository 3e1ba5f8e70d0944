import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coded, ParleyError } from '@parley/shared';
import { scenarioSchema } from './schema.ts';
import type { Scenario } from './schema.ts';
import { parseYaml } from './yaml.ts';

/** A scenario and the directory that paths in it are seen from. */
export interface Loaded {
  readonly scenario: Scenario;
  readonly directory: string;
}

/** @throws ParleyError `scenario-invalid`, with file, line and column of what is wrong, and what is allowed there */
export function parseScenario(source: string, file: string): Scenario {
  return parseYaml(scenarioSchema, source, file, 'scenario-invalid');
}

const readyMade = new URL('../../scenarios/', import.meta.url);

/**
 * A ready scenario by its name, or one's own by the path of its file.
 * @throws ParleyError `scenario-invalid`
 */
export async function loadScenario(nameOrPath: string): Promise<Loaded> {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) {
    return { scenario: parseScenario(await read(nameOrPath), nameOrPath), directory: dirname(resolve(nameOrPath)) };
  }
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
  return Promise.all(
    names.map(async (name) => ({ name, description: (await loadReady(name)).scenario.description ?? '' })),
  );
}

async function readyNames(): Promise<string[]> {
  const files = await readdir(readyMade);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .toSorted();
}

async function loadReady(name: string): Promise<Loaded> {
  const path = fileURLToPath(new URL(`${name}.yaml`, readyMade));
  return { scenario: parseScenario(await read(path), `${name}.yaml`), directory: dirname(path) };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ParleyError('scenario-invalid', `${path} cannot be read: ${coded(cause).message}`, { cause });
  }
}
