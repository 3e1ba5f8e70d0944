import type { Entry, Page } from '@parley/shared';
import type { Conversation, Failure, Gap, NewDraft, Send } from '@parley/shared/client';
import type { PageQuery } from '../link/api.ts';
import { Observable } from '../observable.ts';
import { Past } from './past.ts';

export interface TalkContext {
  readonly conversation: Conversation;
  readonly page: (query: PageQuery) => Promise<Page>;
}

/**
 * A channel or direct conversation as it is read: the live end that the client library holds, and below it a stretch of
 * the past, wherever the reader went. Both together are bounded.
 */
export class Talk extends Observable {
  /** `general`, or `dm/ben`. */
  readonly key: string;
  readonly conversation: Conversation;
  readonly #past: Past;
  readonly #releases: (() => void)[];
  #entries: readonly Entry[] | undefined;
  #isLost = false;

  constructor(key: string, { conversation, page }: TalkContext) {
    super();
    this.key = key;
    this.conversation = conversation;
    this.#past = new Past(page, () => this.#moved());
    this.#releases = [
      conversation.on('change', () => this.#moved()),
      conversation.on('log', () => this.#past.forget()),
    ];
  }

  /** Of the channel, or of the other user. */
  get name(): string {
    return this.conversation.name;
  }

  get isDirect(): boolean {
    return this.key.startsWith('dm/');
  }

  /** A stretch of the log, ascending; up to its end when `isLive`. */
  get entries(): readonly Entry[] {
    this.#entries ??= this.#join();
    return this.#entries;
  }

  /** Edits and reactions that come after the stretch and are of something in it, ascending. */
  get changes(): readonly Entry[] {
    if (!this.#past.isUsed) return [];
    const held = new Set(this.entries.map(({ seq }) => seq));
    const later = [...this.#past.changes, ...this.conversation.entries.filter(({ target }) => target !== undefined)];
    return later.filter(({ seq }) => !held.has(seq)).toSorted((a, b) => a.seq - b.seq);
  }

  get sends(): readonly Send[] {
    return this.conversation.sends;
  }

  /** Stretches that retention removed. */
  get gaps(): readonly Gap[] {
    return this.conversation.gaps;
  }

  /** Whether the entries go on to the end of the log. */
  get isLive(): boolean {
    return !this.#past.isUsed || this.#past.reaches(this.#liveFrom);
  }

  get firstSeq(): number {
    return this.entries[0]?.seq ?? 0;
  }

  /** The newest of the log. */
  get lastSeq(): number {
    return this.conversation.lastSeq;
  }

  get log(): string | undefined {
    return this.conversation.log;
  }

  get hasOlder(): boolean {
    return this.#past.isUsed ? this.#past.hasOlder : this.conversation.hasOlder;
  }

  get hasNewer(): boolean {
    return !this.isLive;
  }

  get loaded(): boolean {
    return this.conversation.loaded;
  }

  /** Whether the hub knows no such channel, or does not show it. */
  get isMissing(): boolean {
    if (this.isRefused) return true;
    return this.loaded && this.log === undefined && this.conversation.entries.length === 0;
  }

  /** Whether the hub refused to let us follow it: also what was read before is no longer ours. */
  get isRefused(): boolean {
    return this.#isLost || this.failure?.code === 'not-authorized';
  }

  /** The hub told that we are no longer a member. */
  lose(): void {
    this.#isLost = true;
    this.changed();
  }

  get failure(): Failure | undefined {
    return this.conversation.failure;
  }

  /** @throws ParleyError `payload-invalid` */
  send(draft: NewDraft): Send {
    this.toLive();
    return this.conversation.send(draft);
  }

  /** Entries before the first one; nothing when they cannot be had now. */
  older(): Promise<void> {
    return this.#past.isUsed ? this.#past.older() : this.#past.start(this.conversation.entries[0]?.seq);
  }

  /** Entries after the last one, when the stretch is not at the end. */
  newer(): Promise<void> {
    return this.isLive ? Promise.resolve() : this.#past.newer();
  }

  /** Goes to a place in the log, loading what is around it. @returns whether it is among the entries now */
  async show(seq: number): Promise<boolean> {
    if (!this.#holds(seq)) await this.#past.around(seq);
    return this.#holds(seq);
  }

  /** Goes to the first entry at or after a time, in ms since the Unix epoch. @returns its `seq` */
  async showTime(at: number): Promise<number | undefined> {
    const seq = await this.#past.find(at, this.lastSeq);
    return seq !== undefined && (await this.show(seq)) ? seq : undefined;
  }

  /** Back to the end, and only that. */
  toLive(): void {
    this.#past.forget();
  }

  async close(): Promise<void> {
    for (const release of this.#releases.splice(0)) release();
    await this.conversation.close();
  }

  get #liveFrom(): number {
    return this.conversation.entries[0]?.seq ?? this.lastSeq + 1;
  }

  #holds(seq: number): boolean {
    const { entries } = this;
    return entries.length > 0 && entries[0]!.seq <= seq && seq <= entries.at(-1)!.seq;
  }

  #join(): readonly Entry[] {
    const live = this.conversation.entries;
    if (!this.#past.isUsed) return [...live];
    const { entries } = this.#past;
    const end = entries.at(-1)?.seq ?? 0;
    return this.isLive ? [...entries, ...live.filter(({ seq }) => seq > end)] : entries;
  }

  #moved(): void {
    this.#entries = undefined;
    this.changed();
  }
}
