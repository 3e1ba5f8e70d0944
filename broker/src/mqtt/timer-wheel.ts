import { steadyNow } from '../clock.ts';

/** Something with a deadline that moves: reading it late is cheaper than moving a timer on every packet. */
export interface Deadline {
  /** When `expire` is due, by the wheel's clock in ms; Infinity for not at all any more. Asked again when the time comes. */
  readonly deadline: number;
  expire(now: number): void;
}

const TICK_MS = 250;

/** Ticks this far apart say that the hub was away itself: a paused machine, a long turn of the event loop. */
const AWAY_MS = 2000;

/** One interval for every keep alive, connect timeout, session expiry and will delay; exact to a quarter of a second. */
export class TimerWheel {
  /** By tick number. */
  readonly #slots = new Map<number, Set<Deadline>>();
  readonly #placed = new Map<Deadline, number>();
  /** Told of what an `expire` throws: the others in its slot have their turn all the same. */
  readonly #failed: (error: Error) => void;
  readonly #now: () => number;
  #tick: number;
  #lastTick: number;
  #waited = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(failed: (error: Error) => void = rethrow, now: () => number = steadyNow) {
    this.#failed = failed;
    this.#now = now;
    this.#lastTick = now();
    this.#tick = toTick(this.#lastTick);
  }

  get size(): number {
    return this.#placed.size;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#turn(), TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#slots.clear();
    this.#placed.clear();
  }

  /** Watches a deadline. One that moves later needs no call; one that moves earlier must be added again. */
  add(item: Deadline): void {
    this.remove(item);
    if (item.deadline === Infinity) return;
    const tick = Math.max(toTick(item.deadline) + 1, this.#tick + 1);
    let slot = this.#slots.get(tick);
    if (!slot) this.#slots.set(tick, (slot = new Set()));
    slot.add(item);
    this.#placed.set(item, tick);
  }

  remove(item: Deadline): void {
    const tick = this.#placed.get(item);
    if (tick === undefined) return;
    this.#placed.delete(item);
    const slot = this.#slots.get(tick);
    if (slot?.delete(item) && slot.size === 0) this.#slots.delete(tick);
  }

  /** Handles everything due by now, which may be many ticks at once. */
  advance(): void {
    const now = this.#now();
    const until = toTick(now);
    if (until - this.#tick > this.#slots.size) {
      const due = [...this.#slots.keys()].filter((tick) => tick <= until).toSorted((a, b) => a - b);
      this.#tick = until;
      for (const tick of due) this.#run(tick, now);
    } else {
      while (this.#tick < until) this.#run(++this.#tick, now);
    }
  }

  /** After the hub was away nothing is due for one tick: what clients sent meanwhile is read first. */
  #turn(): void {
    const now = this.#now();
    const wasAway = now - this.#lastTick > AWAY_MS;
    this.#lastTick = now;
    // Not twice: where every turn is long, time goes on all the same.
    this.#waited = wasAway && !this.#waited;
    if (!this.#waited) this.advance();
  }

  #expire(item: Deadline, now: number): void {
    try {
      item.expire(now);
    } catch (thrown) {
      this.#failed(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #run(tick: number, now: number): void {
    const slot = this.#slots.get(tick);
    if (!slot) return;
    this.#slots.delete(tick);
    for (const item of slot) {
      this.#placed.delete(item);
      if (item.deadline <= now) this.#expire(item, now);
      else this.add(item);
    }
  }
}

function rethrow(error: Error): void {
  throw error;
}

function toTick(time: number): number {
  return Math.floor(time / TICK_MS);
}
