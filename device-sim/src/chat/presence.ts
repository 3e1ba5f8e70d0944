import { visible } from './visible.ts';

/** Turns presence into lines: who came and who left since the first that was heard. */
export class PresenceLines {
  readonly #own: string;
  readonly #note: (text: string) => void;
  readonly #here = new Map<string, boolean>();

  constructor(own: string, note: (text: string) => void) {
    this.#own = own;
    this.#note = note;
  }

  /** @param quiet what was so before: retained, or the first of a poll */
  heard(name: string, status: string, quiet: boolean): void {
    const here = status !== 'offline';
    const was = this.#here.get(name) ?? false;
    this.#here.set(name, here);
    if (!quiet && here !== was && name !== this.#own) this.#note(`${visible(name)} ${here ? 'joined' : 'left'}`);
  }
}
