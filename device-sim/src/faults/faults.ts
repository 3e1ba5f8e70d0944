import type { FlatTelemetry } from '@parley/shared';
import type { Link } from '../link.ts';
import type { Random } from '../random.ts';
import type { Fault, FaultKind } from '../scenario/faults.ts';
import { corrupted, padded } from './payload.ts';
import { drifted, StuckSensor } from './sensor.ts';
import { TimedFault } from './timing.ts';
import type { FaultContext } from './timing.ts';

type Kind<Name extends FaultKind> = Extract<Fault, { kind: Name }>;

export interface DeviceFaultsContext extends FaultContext {
  /** Undefined while the device is switched off. */
  readonly link: () => Link | undefined;
  /** Subscribes to something more than its commands. */
  readonly follow: (filter: string) => void;
}

/** Everything that goes wrong with one device, on purpose. */
export class DeviceFaults {
  readonly #context: DeviceFaultsContext;
  readonly #faults: readonly TimedFault[];
  readonly #stuck = new Map<Fault, StuckSensor>();
  readonly #since = new Map<Fault, number>();
  readonly #noise: Random;
  #lastDue = 0;

  constructor(faults: readonly Fault[], context: DeviceFaultsContext) {
    this.#context = context;
    this.#noise = context.random('fault/noise');
    this.#faults = faults.map(
      (fault, index) => new TimedFault(fault, `fault/${index}`, context, (one) => this.#begin(one)),
    );
  }

  start(sinceMs: number): void {
    for (const one of this.#faults) one.start(sinceMs);
  }

  stop(): void {
    for (const one of this.#faults) one.stop();
  }

  /** To be called before each reading is taken. */
  reading(): void {
    for (const one of this.#faults) one.reading();
  }

  sense(readings: FlatTelemetry, now: number): FlatTelemetry {
    let sensed = readings;
    for (const { fault, isOn } of this.#faults) {
      if (!isOn) continue;
      if (fault.kind === 'stuck') sensed = this.#stuck.get(fault)?.sense(fault, sensed) ?? sensed;
      if (fault.kind === 'drift') sensed = drifted(fault, sensed, now - (this.#since.get(fault) ?? now));
    }
    return sensed;
  }

  /** How far the device's clock is off, in milliseconds. */
  skew(): number {
    let off = 0;
    for (const { by } of this.#on('skew')) off += by;
    return off;
  }

  spoil(payload: Uint8Array): Uint8Array {
    let spoilt = payload;
    for (const { bytes } of this.#on('oversized')) spoilt = padded(spoilt, bytes);
    for (const _ of this.#on('corrupt')) spoilt = corrupted(spoilt, this.#noise);
    return spoilt;
  }

  has(kind: 'duplicate' | 'reorder'): boolean {
    return this.#faults.some(({ fault, isOn }) => isOn && fault.kind === kind);
  }

  /** Milliseconds that what is sent now waits; never so few that it would overtake what waits already. */
  delay(now: number): number {
    let ms = 0;
    for (const { delay, spread = 0 } of this.#on('latency')) ms += delay + spread * this.#noise();
    const due = Math.max(now + ms, this.#lastDue);
    this.#lastDue = due;
    return due - now;
  }

  /** A connection that opens while it should read slowly does so. */
  connected(): void {
    for (const { filter } of this.#on('slow-reader')) if (filter !== undefined) this.#context.follow(filter);
  }

  *#on<Name extends FaultKind>(kind: Name): Generator<Kind<Name>> {
    for (const { fault, isOn } of this.#faults) if (isOn && fault.kind === kind) yield fault as Kind<Name>;
  }

  #begin(fault: Fault): (() => void) | undefined {
    const link = this.#context.link();
    this.#since.set(fault, this.#context.clock.now());
    switch (fault.kind) {
      case 'drop':
        link?.cut();
        return undefined;
      case 'storm':
        link?.cut(true);
        return undefined;
      case 'flapping':
        return this.#flap(fault);
      case 'silence':
        link?.silence(true);
        return () => this.#context.link()?.silence(false);
      case 'stuck':
        return this.#stick(fault);
      case 'slow-reader':
        return this.#slow(fault);
      default:
        return undefined;
    }
  }

  #stick(fault: Fault): () => void {
    const sensor = this.#stuck.get(fault) ?? new StuckSensor();
    this.#stuck.set(fault, sensor);
    return () => sensor.free();
  }

  #flap({ period }: Kind<'flapping'>): () => void {
    return this.#repeated(period, () => this.#context.link()?.cut(true));
  }

  /** Between two reads it takes nothing; a read takes what one turn of the event loop brings. */
  #slow({ pause, filter }: Kind<'slow-reader'>): () => void {
    let isOn = true;
    if (filter !== undefined) this.#context.follow(filter);
    this.#context.link()?.stopReading(true);
    const stop = this.#repeated(pause, () => {
      const link = this.#context.link();
      link?.stopReading(false);
      setImmediate(() => link?.stopReading(isOn));
    });
    return () => {
      isOn = false;
      stop();
      this.#context.link()?.stopReading(false);
    };
  }

  #repeated(ms: number, run: () => void): () => void {
    let cancel: (() => void) | undefined;
    const again = (): void => {
      cancel = this.#context.clock.after(ms, again);
      run();
    };
    again();
    return () => cancel?.();
  }
}
