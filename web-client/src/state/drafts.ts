import type { Memory } from './memory.ts';

/** What is typed and not sent, kept per channel and over a reload. */
export class Drafts {
  readonly #memory: Memory;
  readonly #prefix: string;

  constructor(user: string, memory: Memory) {
    this.#memory = memory;
    this.#prefix = `parley:${user}:draft:`;
  }

  get(channel: string): string {
    return this.#memory.getItem(this.#prefix + channel) ?? '';
  }

  set(channel: string, text: string): void {
    if (text === '') this.#memory.removeItem(this.#prefix + channel);
    else this.#memory.setItem(this.#prefix + channel, text);
  }
}
