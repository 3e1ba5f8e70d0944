/** Something that goes through a lane, in three steps that may each take their time. */
export interface Work {
  /** Set when it may be staged. */
  readonly authorized: boolean;
  /** Set when it is durable, refused, or has nothing to commit. */
  readonly settled: boolean;
  stage(): void;
  /** Acknowledges and routes. */
  finish(): void;
}

/** From this length on what is done is skipped, and removed some time, as to move the rest each time takes longer than the work. */
const LONG = 1024;

/**
 * The publishes of one connection, in order. Authorising may take time and commits do; neither holds up the staging of
 * what follows, and everything is acknowledged and routed in the order it came.
 */
export class Lane {
  #work: Work[] = [];
  /** The first that is not done; 0 in a short lane. */
  #first = 0;
  #staged = 0;
  #advancing = false;

  /** Publishes not finished yet. */
  get length(): number {
    return this.#work.length - this.#first;
  }

  push(work: Work): void {
    this.#work.push(work);
    this.advance();
  }

  /** Goes on after some work was authorised or settled. Work may push more work or advance again meanwhile. */
  advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      while (this.#step());
    } finally {
      this.#advancing = false;
    }
  }

  #step(): boolean {
    const first = this.#work[this.#first];
    if (!first) return false;
    if (first.settled && this.#staged > 0) {
      this.#remove();
      this.#staged--;
      first.finish();
      return true;
    }
    const next = this.#work[this.#first + this.#staged];
    if (!next?.authorized) return false;
    this.#staged++;
    next.stage();
    return true;
  }
  #remove(): void {
    if (this.#work.length < LONG) return void this.#work.shift();
    if (++this.#first * 2 < this.#work.length) return;
    this.#work = this.#work.slice(this.#first);
    this.#first = 0;
  }
}
