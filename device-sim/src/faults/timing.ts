import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Fault } from '../scenario/faults.ts';

export interface FaultContext {
  readonly clock: Clock;
  /** A stream for each purpose: what one fault draws changes no other. */
  readonly random: (purpose: string) => Random;
  /** Told when a fault begins. */
  readonly begun: (fault: Fault) => void;
}

/** What a fault does to the connection when it begins; the returned function ends it. */
export type Begin = (fault: Fault) => (() => void) | undefined;

/**
 * One fault of one device: when it holds. `at` and `every` count from the start of the device's group, so that a whole
 * group has them at once; `probability` is drawn at each reading.
 */
export class TimedFault {
  readonly fault: Fault;
  readonly #context: FaultContext;
  readonly #begin: Begin;
  readonly #chance: Random | undefined;
  readonly #cancels = new Set<() => void>();
  #end: (() => void) | undefined;
  #isOn = false;
  /** It holds for this reading only. */
  #isOnce = false;

  constructor(fault: Fault, purpose: string, context: FaultContext, begin: Begin) {
    this.fault = fault;
    this.#context = context;
    this.#begin = begin;
    if (fault.probability !== undefined) this.#chance = context.random(`${purpose}/chance`);
  }

  get isOn(): boolean {
    return this.#isOn || this.#isOnce;
  }

  /** @param sinceMs how long ago the group started */
  start(sinceMs: number): void {
    const { at, every, probability } = this.fault;
    if (every !== undefined) return this.#after(every - (sinceMs % every), () => this.#again(every));
    for (const ms of at === undefined ? [] : [at].flat()) {
      if (ms >= sinceMs) this.#after(ms - sinceMs, () => this.#on());
    }
    if (at === undefined && probability === undefined) this.#on();
  }

  /** Draws whether it begins with this reading. */
  reading(): void {
    this.#isOnce = false;
    if (!this.#chance || this.#chance() >= this.fault.probability!) return;
    if (this.fault.lasts === undefined) this.#isOnce = true;
    if (!this.#isOn) this.#on();
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#off();
    this.#isOnce = false;
  }

  #again(every: number): void {
    this.#on();
    this.#after(every, () => this.#again(every));
  }

  #on(): void {
    const { lasts, probability } = this.fault;
    this.#off();
    this.#context.begun(this.fault);
    const end = this.#begin(this.fault);
    // Drawn and without a length, it holds for its reading; otherwise until its length or the run is over.
    if (lasts === undefined && probability !== undefined) return end?.();
    this.#isOn = true;
    this.#end = end;
    if (lasts !== undefined) this.#after(lasts, () => this.#off());
  }

  #off(): void {
    this.#isOn = false;
    this.#end?.();
    this.#end = undefined;
  }

  #after(ms: number, run: () => void): void {
    const cancel = this.#context.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}
