import { isName, readings } from '@parley/shared';
import type { Reading } from '@parley/shared';
import type { Engine } from '../mqtt/engine.ts';
import type { Message } from '../mqtt/message.ts';
import type { Scope } from '../scope.ts';
import type { Batch, Store } from '../store/store.ts';
import { add, merge } from './aggregate.ts';
import type { Aggregate } from './aggregate.ts';
import { Journal } from './journal.ts';
import type { Format } from './journal.ts';
import { KnownMetrics } from './known-metrics.ts';
import { DEVICES, HOUR_MS, JOURNAL, METRICS, MINUTE_MS, MINUTES, RAW_HOURS, READINGS } from './tables.ts';
import type { LatestRow } from './tables.ts';

export interface RecorderContext {
  readonly engine: Pick<Engine, 'tap'>;
  readonly store: Store;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface RecorderOptions {
  readonly telemetryHours: number;
}

export interface TelemetryCounters {
  /** Readings kept. */
  recorded: number;
  /** Payloads that could not be read; they were routed all the same. */
  unreadable: number;
  /** Readings not kept: too old, of too many metrics, or more than the store took. */
  dropped: number;
}

/** Readings of all devices within this time share one commit: a QoS 0 reading is not worth its own. */
const GROUP_MS = 100;
/** After a write that failed. */
const RETRY_MS = 1000;
/** Readings waiting for the store; past it they are dropped. */
const MAX_WAITING = 100_000;
/** A device whose clock is ahead by more than this has its readings stamped on arrival. */
const AHEAD_MS = HOUR_MS;
const MAX_TEXT = 256;
/** `seenAt` of a device is this exact. */
const SEEN_MS = 5000;

interface Series {
  readonly device: string;
  readonly metric: string;
  unit: string | undefined;
  readonly readings: Reading[];
}

/** Told of every payload that has readings, in the order in which it gave them, whether they are kept or not. */
export type Listener = (device: string, readings: readonly Reading[]) => void;

/** Keeps what devices measure: taps their telemetry after it was routed and writes it in groups. What finds no room is written later. */
export class Recorder {
  readonly counters: TelemetryCounters = { recorded: 0, unreadable: 0, dropped: 0 };
  readonly journal: Journal;
  readonly #context: RecorderContext;
  readonly #keepMs: number;
  readonly #known: KnownMetrics;
  readonly #seen = new Map<string, number>(); // when `seen` was last written, by device
  #series = new Map<string, Series>(); // by device and metric
  #waiting = 0;
  /** Of payloads whose rows in the journal go with the next write. */
  #journaled: number[] = [];
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #listener: Listener | undefined;
  /** Of this write; no two rows get the same. */
  #number = 0;
  #closed = false;

  constructor(context: RecorderContext, { telemetryHours }: RecorderOptions, scope: Scope) {
    this.#context = context;
    this.#keepMs = telemetryHours * HOUR_MS;
    this.#known = new KnownMetrics(context.store);
    this.journal = new Journal(context.store);
    this.#catchUp();
    scope.defer(context.engine.tap('devices/+/telemetry', (message) => this.#take(message, 'json')));
    scope.defer(context.engine.tap('devices/+/telemetry/cbor', (message) => this.#take(message, 'cbor')));
    scope.defer(() => this.#close());
  }

  /** Whoever else wants readings. It must not throw. Undefined when it is done. */
  listen(listener: Listener | undefined): void {
    this.#listener = listener;
  }

  /** Resolves when everything taken so far can be read. */
  async settle(): Promise<void> {
    this.#failing = false;
    while (!this.#failing && (this.#isWaiting || this.#writing)) await (this.#writing ?? this.#write());
  }

  /** Forgets what it remembers of a device whose rows are gone. */
  forget(device: string): void {
    this.#known.forget(device);
    this.#seen.delete(device);
  }

  get #isWaiting(): boolean {
    return this.#waiting > 0 || this.#journaled.length > 0;
  }

  #take(message: Message, format: Format): void {
    const device = message.topic.split('/', 2)[1]!;
    if (!isName(device)) return;
    const list = this.#keep(device, message.payload, format, this.journal.numberOf(message), Date.now());
    if (list) this.#listener?.(device, list);
  }

  /** Records what was acknowledged before the hub ended. */
  #catchUp(): void {
    for (const { number, row } of this.journal.left(this.#context.store)) {
      this.#keep(row.device, Buffer.from(row.payload), row.format, number, row.at);
    }
  }

  #keep(device: string, payload: Buffer, format: Format, number: number | undefined, at: number) {
    const list = this.#read(payload, format, at);
    for (const reading of list ?? []) this.#add(device, reading, at);
    if (number !== undefined) this.#journaled.push(number);
    if (!this.#isWaiting) return list;
    if (this.#closed) void this.settle();
    else this.#writeIn(GROUP_MS);
    return list;
  }

  #writeIn(ms: number): void {
    this.#timer ??= setTimeout(() => void this.settle(), ms);
  }

  #read(payload: Buffer, format: Format, now: number): Reading[] | undefined {
    try {
      return readings(payload, format, now);
    } catch {
      this.counters.unreadable++;
      return undefined;
    }
  }

  #add(device: string, reading: Reading, now: number): void {
    const { metric, value, unit } = reading;
    const at = reading.at > now + AHEAD_MS ? now : reading.at;
    const fits = typeof value !== 'number' || Number.isFinite(value);
    if (!fits || at <= now - this.#keepMs || this.#waiting >= MAX_WAITING || !this.#known.take(device, metric)) {
      this.counters.dropped++;
      return;
    }
    const key = `${device}/${metric}`;
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = { device, metric, unit, readings: [] }));
    if (unit !== undefined) series.unit = unit;
    series.readings.push({ metric, at, value: typeof value === 'string' ? value.slice(0, MAX_TEXT) : value });
    this.#waiting++;
  }

  /** One write at a time, so that what is read to be added to is what was written last. */
  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const count = this.#waiting;
    if (!this.#isWaiting) return Promise.resolve();
    const series = this.#series;
    const numbers = this.#journaled;
    const batch = this.#context.store.batch();
    this.#number = Math.max(this.#number + 1, Date.now());
    for (const one of series.values()) this.#stage(batch, one);
    for (const number of numbers) batch.remove(JOURNAL, [number]);
    this.#series = new Map();
    this.#journaled = [];
    this.#waiting = 0;
    let done = false;
    const writing = new Promise<void>((resolve) => {
      batch.commit((error) => {
        done = true;
        this.#writing = undefined;
        this.#failing = error !== null;
        if (!error) this.counters.recorded += count;
        else this.#putBack(series, numbers, error);
        resolve();
      });
    });
    // The memory store has called back by now.
    if (!done) this.#writing = writing;
    return writing;
  }

  /** Nothing of a write was kept: it comes again with what came meanwhile, as far as there is room in memory. */
  #putBack(series: ReadonlyMap<string, Series>, numbers: readonly number[], error: Error): void {
    this.#context.log('telemetry.delayed', { readings: this.#waiting, error: error.message });
    this.#journaled = [...numbers, ...this.#journaled];
    for (const [key, one] of series) {
      const { length } = one.readings;
      if (this.#waiting + length > MAX_WAITING) {
        this.counters.dropped += length;
        continue;
      }
      this.#waiting += length;
      const newer = this.#series.get(key);
      this.#series.set(key, newer ? { ...newer, readings: [...one.readings, ...newer.readings] } : one);
    }
    this.#seen.clear();
    if (!this.#closed) this.#writeIn(RETRY_MS);
  }

  #stage(batch: Batch, { device, metric, unit, readings: list }: Series): void {
    const { store } = this.#context;
    const now = Date.now();
    const rawSince = now - RAW_HOURS * HOUR_MS;
    for (const [minute, group] of byMinute(list)) {
      const start = minute * MINUTE_MS;
      const { sum } = group;
      const kept = store.get(MINUTES, [device, metric, start]) as Aggregate | undefined;
      batch.put(MINUTES, [device, metric, start], { ...(kept ? merge({ ...kept }, sum) : sum) });
      const first = group.t.reduce((least, at) => Math.min(least, at), Infinity);
      if (first > rawSince) batch.put(READINGS, [device, metric, first, this.#number], { t: group.t, v: group.v });
    }
    const newest = list.reduce((last, one) => (one.at >= last.at ? one : last));
    const latest = store.get(METRICS, [device, metric]) as LatestRow | undefined;
    if (!latest || newest.at >= latest.at) {
      batch.put(METRICS, [device, metric], { value: newest.value, at: newest.at, unit: unit ?? latest?.unit });
    }
    if (now - (this.#seen.get(device) ?? 0) < SEEN_MS) return;
    this.#seen.set(device, now);
    batch.put(DEVICES, [device, 'seen'], { value: true, at: now });
  }

  /** Clients may still send while they are being closed: from here on each reading is written at once. */
  #close(): Promise<void> {
    this.#closed = true;
    return this.settle();
  }
}

interface Group {
  readonly t: number[];
  readonly v: Reading['value'][];
  sum: Aggregate;
}

function byMinute(list: readonly Reading[]): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (const { at, value } of list) {
    const minute = Math.floor(at / MINUTE_MS);
    const group = groups.get(minute);
    if (!group) groups.set(minute, { t: [at], v: [value], sum: add(undefined, value, at) });
    else {
      group.t.push(at);
      group.v.push(value);
      group.sum = add(group.sum, value, at);
    }
  }
  return groups;
}
