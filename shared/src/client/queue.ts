/** What arrives, for one reader that takes it with `for await`. Past its bound the oldest is dropped and counted. */
export class AsyncQueue<Value> implements AsyncIterableIterator<Value> {
  readonly #bound: number;
  readonly #releases: (() => void)[] = [];
  #values: Value[] = [];
  #waiting: ((result: Promise<IteratorResult<Value>>) => void)[] = [];
  #end: { readonly error?: unknown } | undefined;
  #dropped = 0;

  /** @param bound values that wait */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Called once, when the reader stops or the source ends. */
  whenEnded(release: () => void): void {
    if (this.#end) release();
    else this.#releases.push(release);
  }

  /** Values that the reader was too slow for. */
  get dropped(): number {
    return this.#dropped;
  }

  push(value: Value): void {
    if (this.#end) return;
    const waiting = this.#waiting.shift();
    if (waiting) return waiting(Promise.resolve({ done: false, value }));
    this.#values.push(value);
    if (this.#values.length <= this.#bound) return;
    this.#values.shift();
    this.#dropped++;
  }

  /** What is queued is still given; then the loop ends, or throws the error. */
  end(failure: { readonly error?: unknown } = {}): void {
    if (this.#end) return;
    this.#end = failure;
    for (const waiting of this.#waiting.splice(0)) waiting(this.#last());
    for (const release of this.#releases.splice(0)) release();
  }

  next(): Promise<IteratorResult<Value>> {
    if (this.#values.length > 0) return Promise.resolve({ done: false, value: this.#values.shift()! });
    if (this.#end) return this.#last();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<Value>> {
    this.#values = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** An error is thrown once; after it the iterator is done, as a generator would be. */
  #last(): Promise<IteratorResult<Value>> {
    const { error } = this.#end!;
    this.#end = {};
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }
}

/** A queue that ends when one of the signals aborts. */
export function queueUntil<Value>(bound: number, signals: readonly (AbortSignal | undefined)[]): AsyncQueue<Value> {
  const queue = new AsyncQueue<Value>(bound);
  const stop = (): void => queue.end();
  for (const signal of signals) {
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    queue.whenEnded(() => signal?.removeEventListener('abort', stop));
  }
  return queue;
}
