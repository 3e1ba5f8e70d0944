/** So many at a time, the others in the order they came: what the hub says it takes unacknowledged (§3.3.4). */
export class Quota {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Runs the work when there is room, and gives what it gives. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken < this.#most) this.#taken++;
    else await new Promise<void>((turn) => this.#waiting.push(turn));
    try {
      return await work();
    } finally {
      // The place goes to who waits longest, so that nobody new takes it in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#taken--;
    }
  }
}
