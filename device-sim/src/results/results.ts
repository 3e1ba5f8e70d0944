import type { CommandCounts } from './commander.ts';
import type { Percentile } from './histogram.ts';
import type { LedgerCounts } from './ledger.ts';

/** One expectation, and whether it held. */
export interface Verdict {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  readonly passed: boolean;
}

/** Everything a run is judged by, as the JSON file has it. Times are in milliseconds. */
export interface Results {
  readonly scenario: string;
  readonly seed: number;
  /** Simulated time at the start, ISO 8601. */
  readonly start: string;
  /** Of the run, real. */
  readonly seconds: number;
  readonly devices: number;
  readonly connected: number;
  readonly taken: number;
  readonly published: number;
  readonly unsent: number;
  readonly discarded: number;
  /** Undefined where nobody looked. */
  readonly readings: LedgerCounts | undefined;
  readonly latency: Percentile | undefined;
  readonly reconnect: Percentile | undefined;
  readonly reconnects: number;
  readonly commands: Omit<CommandCounts, 'open'> | undefined;
  /** Commands of anybody. */
  readonly answered: { readonly ok: number; readonly failed: number };
  readonly faults: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  /** The same for every run of the same seed, start and length. */
  readonly digest: string;
  readonly expectations: readonly Verdict[];
  readonly passed: boolean;
}

export type Measured = Omit<Results, 'expectations' | 'passed'>;
