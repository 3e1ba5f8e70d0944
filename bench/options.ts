import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quick, rows, thorough } from './rows.ts';
import type { Pace, Row } from './rows.ts';

export interface BenchOptions {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly pace: Pace;
  /** In place of each row's own. */
  readonly window: number | undefined;
  /** The checkout whose built hub is measured. */
  readonly hub: string;
  /** Everything measured goes here as JSON. */
  readonly json: string | undefined;
  /** The table goes into docs/performance.md. */
  readonly write: boolean;
}

export const usage = `npm run bench -- [options]
  --rows a,b     only these: ${rows.map(({ id }) => id).join(', ')}
  --rounds n     rounds of hub and Mosquitto in turn; the median counts (default 3, with --quick 1)
  --window n     messages a publisher may have under way, in place of each row's own
  --quick        short measurements, for a first look: under 90 seconds
  --hub dir      another checkout, whose built hub is measured
  --json file    everything measured, as JSON
  --write        puts the table into docs/performance.md`;

/** @throws Error with what is wrong with the arguments */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string' },
      window: { type: 'string' },
      quick: { type: 'boolean', default: false },
      hub: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const rounds = whole('rounds', values.rounds) ?? (values.quick ? 1 : 3);
  const window = whole('window', values.window);
  if (values.write && (values.quick || (values.rows ?? window) !== undefined)) {
    throw new Error('--write is for a whole run: no --rows, no --window, no --quick');
  }
  const { hub, json, write } = values;
  return { rows: chosen(values.rows), rounds, window, pace: values.quick ? quick : thorough, hub, json, write };
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${option} takes a whole number from 1`);
}

function chosen(list: string | undefined): readonly Row[] {
  if (list === undefined) return rows;
  return list.split(',').map((id) => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new Error(`--rows: there is no ${id}`);
    return row;
  });
}
