import { readFileSync } from 'node:fs';
import { ParleyError } from '@parley/shared';
import { parse } from 'yaml';
import { rawFromObject } from './resolve.ts';
import type { RawOptions } from './resolve.ts';
import { flagOf, optionTable, variableOf } from './table.ts';

const keyOfVariable = new Map(Object.keys(optionTable).map((key) => [variableOf(key), key]));

/** What Kubernetes adds to every container for a service named `parley…`; none of it is an option of ours. */
const serviceLink = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/;

/** Every `PARLEY_…` variable; an unknown one is kept under its own name, so that it is refused and not passed over. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): RawOptions {
  const raw = new Map<string, { value: unknown; from: string }>();
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('PARLEY_') || variable === 'PARLEY_CONFIG' || value === undefined || value === '')
      continue;
    if (serviceLink.test(variable) || value.startsWith('tcp://')) continue;
    raw.set(keyOfVariable.get(variable) ?? variable, { value, from: variable });
  }
  return raw;
}

/** @param flags values by option key, as the command line gave them */
export function fromFlags(flags: Readonly<Record<string, unknown>>): RawOptions {
  return new Map(Object.entries(flags).map(([key, value]) => [key, { value, from: `--${flagOf(key)}` }]));
}

/**
 * The config file: YAML, of which JSON is a part.
 * @throws ParleyError `option-invalid` when it cannot be read, does not parse or is not a map of options
 */
export function fromFile(file: string): RawOptions {
  const content = parseFile(file);
  if (content === null || content === undefined) return new Map();
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ParleyError('option-invalid', `config file ${file} is not a map of options`);
  }
  return rawFromObject(content as Record<string, unknown>, file);
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const [reason] = (cause as Error).message.split('\n');
    throw new ParleyError('option-invalid', `config file ${file}: ${reason}`, { cause });
  }
}

/** Flags over environment over file. */
export function merge(flags: RawOptions, environment: RawOptions, file: RawOptions): RawOptions {
  return new Map([...file, ...environment, ...flags]);
}
