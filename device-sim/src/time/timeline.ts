import type { Clock } from '../clock.ts';

export interface TimelineOptions {
  /** Milliseconds since the Unix epoch at which it begins. */
  readonly start: number;
  /** Simulated seconds per second; Infinity goes from event to event without waiting. */
  readonly speed: number;
  /** At infinite speed the time stands still while this holds: the network is given the time it needs. */
  readonly isBusy?: () => boolean;
}

interface Event {
  readonly due: number;
  /** Of events that are due together, the one that was asked for first runs first. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** At the highest speed, how long it waits for a busy network before it looks again. */
const busyMs = 1;
/** How long events may keep the event loop from reading sockets. */
const sliceMs = 8;
/** The clock is looked at once in so many events. */
const eventsPerLook = 32;

/**
 * Simulated time. Events run in the order of their times whatever the speed, and to each of them it is exactly the time
 * it asked for, however late the process is: so a seed gives the same run at every speed.
 */
export class Timeline implements Clock {
  readonly #start: number;
  readonly #speed: number;
  readonly #isBusy: () => boolean;
  /** Of performance.now(); undefined until it begins. */
  #origin: number | undefined;
  readonly #heap: Event[] = [];
  #order = 0;
  #last: number;
  #isRunning = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;

  constructor({ start, speed, isBusy = () => false }: TimelineOptions) {
    this.#start = start;
    this.#last = start;
    this.#speed = speed;
    this.#isBusy = isBusy;
  }

  /** Time begins to pass. Before, it is the start, so that everything that starts a run has the same one. */
  begin(): void {
    this.#origin = performance.now();
    this.#arm();
  }

  now(): number {
    return this.#isRunning ? this.#last : Math.max(this.#last, this.#real());
  }

  after(ms: number, run: () => void): () => void {
    if (this.#isClosed) return () => {};
    const event: Event = { due: this.now() + ms, order: this.#order++, run };
    push(this.#heap, event);
    this.#arm();
    return () => {
      // It stays in its place, and is passed over when it is due.
      event.run = undefined;
    };
  }

  /** Nothing runs any more. */
  close(): void {
    this.#isClosed = true;
    this.#heap.length = 0;
    clearTimeout(this.#timer);
  }

  #real(): number {
    if (this.#speed === Infinity || this.#origin === undefined) return this.#last;
    return this.#start + (performance.now() - this.#origin) * this.#speed;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (this.#isRunning || this.#origin === undefined || next === undefined || this.#wakesAt <= next.due) return;
    if (this.#speed === Infinity) this.#wake(next.due, this.#isBusy() ? busyMs : 0);
    else this.#wake(next.due, (next.due - this.#real()) / this.#speed);
  }

  #wake(at: number, ms: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, ms));
  }

  #pump(): void {
    this.#wakesAt = Infinity;
    const until = this.#speed === Infinity ? Infinity : this.#real();
    this.#isRunning = true;
    try {
      this.#runUntil(until);
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }

  #runUntil(until: number): void {
    const end = performance.now() + sliceMs;
    for (let count = 1; this.#heap.length > 0 && this.#heap[0]!.due <= until; count++) {
      if (this.#speed === Infinity && this.#isBusy()) return;
      const event = pop(this.#heap);
      this.#last = Math.max(this.#last, event.due);
      event.run?.();
      if (count % eventsPerLook === 0 && performance.now() > end) return;
    }
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.due === other.due ? one.order < other.order : one.due < other.due;
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(event, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) sink(heap, last);
  return top;
}

/** Puts an event in at the top. */
function sink(heap: Event[], event: Event): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, event)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = event;
}
