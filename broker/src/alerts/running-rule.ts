import type { Reading } from '@parley/shared';
import { METRICS } from '../devices/tables.ts';
import type { LatestRow } from '../devices/tables.ts';
import type { Key } from '../store/keys.ts';
import type { Tables } from '../store/table.ts';
import { EVERY_DEVICE, holds } from './rule.ts';
import { STATES } from './tables.ts';
import type { RuleRow, StateRow } from './tables.ts';
import { Watch } from './watch.ts';
import type { Measurement, WatchContext } from './watch.ts';

export interface RuleContext extends WatchContext {
  readonly store: Tables;
  /** Whether one more device may be watched. */
  readonly takes: () => boolean;
  /** Devices that are watched more or less. */
  readonly count: (change: number) => void;
}

/** One rule and the devices it has something to remember of. */
export class RunningRule {
  readonly name: string;
  readonly rule: RuleRow;
  readonly #context: RuleContext;
  readonly #watches = new Map<string, Watch>(); // by device

  constructor(context: RuleContext, name: string, rule: RuleRow) {
    this.#context = context;
    this.name = name;
    this.rule = rule;
  }

  get watches(): IterableIterator<Watch> {
    return this.#watches.values();
  }

  /** Takes up what is kept of it, and what its devices measured last: one that reports rarely need not do so again. */
  start(): void {
    const { store } = this.#context;
    const { device, condition } = this.rule;
    for (const { key } of store.range(STATES, { prefix: [this.name] })) this.#watch(String(key[1]));
    if (condition === 'silent' && device !== EVERY_DEVICE && !this.#watches.has(device)) this.#watch(device)?.heard();
    for (const { key, value } of this.#latest()) {
      const of = String(key[0]);
      if (condition !== 'silent') this.#measured(of, value);
      else if (!this.#watches.has(of)) this.#watch(of)?.heard();
    }
  }

  take(device: string, readings: readonly Reading[]): void {
    const { metric, condition } = this.rule;
    if (condition === 'silent') {
      const heard = metric === undefined || readings.some((one) => one.metric === metric);
      if (heard) this.#watch(device)?.heard();
      return;
    }
    const ours = readings.filter((one) => one.metric === metric);
    for (const one of ours.length > 1 ? ours.toSorted((a, b) => a.at - b.at) : ours) this.#measured(device, one);
  }

  /** Forgets a watch that can be made anew. */
  forget(watch: Watch): void {
    if (this.#watches.get(watch.device) === watch && this.#watches.delete(watch.device)) this.#context.count(-1);
  }

  /** @throws ParleyError `not-stored` */
  async end(): Promise<void> {
    for (const watch of this.#watches.values()) watch.stop();
    for (const watch of this.#watches.values()) await watch.end();
  }

  /** Says nothing from here on; gives the watches it had. */
  stop(): Watch[] {
    const watches = [...this.#watches.values()];
    for (const watch of watches) watch.stop();
    this.#context.count(-watches.length);
    this.#watches.clear();
    return watches;
  }

  /** A threshold begins to be watched with the first value where it holds. */
  #measured(device: string, reading: Measurement): void {
    const { value } = reading;
    const begins = typeof value !== 'string' && holds(this.rule, Number(value), false);
    (begins ? this.#watch(device) : this.#watches.get(device))?.measured(reading);
  }

  #watch(device: string): Watch | undefined {
    return this.#watches.get(device) ?? this.#keep(this.#made(device));
  }

  #keep(watch: Watch): Watch | undefined {
    if (!this.#context.takes()) return undefined;
    this.#watches.set(watch.device, watch);
    this.#context.count(1);
    return watch;
  }

  #made(device: string): Watch {
    const watch = new Watch(this.#context, { name: this.name, rule: this.rule, device });
    const state = this.#context.store.get(STATES, [this.name, device]) as StateRow | undefined;
    if (state?.life === this.rule.life) watch.restore(state);
    return watch;
  }

  *#latest(): Generator<{ readonly key: Key; readonly value: LatestRow }> {
    const { store } = this.#context;
    const { device, metric } = this.rule;
    const prefix = device === EVERY_DEVICE ? [] : [device];
    for (const row of store.range(METRICS, { prefix })) {
      if (metric === undefined || row.key[1] === metric)
        yield { key: row.key, value: row.value as unknown as LatestRow };
    }
  }
}
