import type { Entry, Page } from '@parley/shared';
import { CHANNELS, entryId } from './fleet.ts';
import type { Publisher } from './publisher.ts';

const PAGE = 1000;

/** One channel's log as it was read so far: what was read once must stay, and what was acknowledged must be there. */
export class ChatHistory {
  readonly channel: string;
  readonly entries: Entry[] = [];
  #ids = new Set<string>();
  #log: string | undefined;

  constructor(channel: string) {
    this.channel = channel;
  }

  /** Reads what is new, or all of it again; throws for a hole, a double, a changed entry or a lost one. */
  async readOn(port: number, chatters: readonly Publisher[], from = this.entries.length): Promise<void> {
    for (let after = from; ;) {
      const { entries, log, lastSeq } = await this.#page(port, after);
      if (log !== (this.#log ??= log) && this.entries.length > 0) throw new Error(`${this.channel} has another log`);
      this.#log = log;
      for (const entry of entries) this.#take(entry, ++after);
      if (entries.length === 0 && lastSeq !== after)
        throw new Error(`${this.channel} ends at ${after}, not ${lastSeq}`);
      if (entries.length === 0) break;
    }
    this.#checkAcknowledged(chatters);
  }

  /** Entries of one sender must be in the order it sent them. */
  numbersOf(sender: number): number[] {
    const prefix = `01K${sender}`;
    return this.entries.filter(({ id }) => id.startsWith(prefix)).map(({ id }) => Number(id.slice(prefix.length)));
  }

  #take(entry: Entry, wanted: number): void {
    const { channel } = this;
    if (entry.seq !== wanted) throw new Error(`${channel}: seq ${entry.seq} in place of ${wanted}`);
    const known = this.entries[wanted - 1];
    if (known && JSON.stringify(known) !== JSON.stringify(entry)) throw new Error(`${channel}: ${wanted} has changed`);
    if (known) return;
    if (this.#ids.has(entry.id)) throw new Error(`${channel}: ${entry.id} is there twice`);
    this.#ids.add(entry.id);
    this.entries.push(entry);
  }

  #checkAcknowledged(chatters: readonly Publisher[]): void {
    for (const [sender, { acknowledged }] of chatters.entries()) {
      for (let n = 1; n < acknowledged.length; n++) {
        if (acknowledged[n] === undefined || CHANNELS[n % CHANNELS.length] !== this.channel) continue;
        if (this.#ids.has(entryId(sender, n))) continue;
        throw new Error(
          `${this.channel} lost entry ${n} of sender ${sender}, acknowledged in round ${acknowledged[n]}`,
        );
      }
    }
  }

  async #page(port: number, after: number): Promise<Page> {
    const url = `http://127.0.0.1:${port}/api/channels/${this.channel}/messages?after=${after}&limit=${PAGE}`;
    const response = await fetch(url);
    // A channel begins with its first entry.
    if (response.status === 404 && this.entries.length === 0)
      return { entries: [], lastSeq: 0, log: '', limited: false };
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Page;
  }
}
