import { ParleyError } from '@parley/shared';

/** The bytes that all files may take together, those still coming included. */
export class Quota {
  readonly max: number;
  #used = 0;

  constructor(max: number) {
    this.max = max;
  }

  get used(): number {
    return this.#used;
  }

  /** @throws ParleyError `not-stored` */
  take(bytes: number): void {
    if (this.#used + bytes > this.max) {
      throw new ParleyError(
        'not-stored',
        `files may take ${this.max} bytes (filesMaxBytes), and ${this.#used} are taken`,
      );
    }
    this.#used += bytes;
  }

  /** What is there at the start is counted, even past the limit. */
  count(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}
