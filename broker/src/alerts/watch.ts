import type { Reading } from '@parley/shared';
import { holds } from './rule.ts';
import type { Occurrence } from './notice.ts';
import type { RuleRow, StateRow } from './tables.ts';

/** What was measured, whenever that was. */
export interface Measurement {
  readonly value: Reading['value'];
  readonly unit?: string | undefined;
}

/** What a watch needs of the whole. */
export interface WatchContext {
  /** Publishes the notice with the state in its commit; rejects when neither was kept. */
  readonly announce: (occurrence: Occurrence, state: StateRow) => Promise<void>;
  /** The state changed in a way that may be written a little later. */
  readonly changed: (watch: Watch) => void;
}

/** A notice that could not be stored is tried again. */
const RETRY_MS = 5000;
/** After a start devices have this long to report before what was held against them counts. */
const GRACE_MS = 30_000;

/**
 * One rule on one device. What is wanted follows from readings and a timer, which the wall clock does not move; what is
 * raised follows from the store. Between the two goes one notice at a time.
 */
export class Watch {
  readonly name: string;
  readonly rule: RuleRow;
  readonly device: string;
  readonly #context: WatchContext;
  #raised = false;
  #wanted = false;
  #episode = 0;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #settling: Promise<void> | undefined;
  #ended = false;
  #last: Measurement | undefined;

  constructor(context: WatchContext, { name, rule, device }: Pick<Watch, 'name' | 'rule' | 'device'>) {
    this.#context = context;
    this.name = name;
    this.rule = rule;
    this.device = device;
  }

  get raised(): boolean {
    return this.#raised;
  }

  /** Whether a notice is on its way: what is kept of it is the notice's business. */
  get busy(): boolean {
    return this.#settling !== undefined;
  }

  /** Whether it can be forgotten and made anew from its row. */
  get idle(): boolean {
    return !this.#raised && !this.#wanted && !this.busy && this.#timer === undefined && this.#retry === undefined;
  }

  /** Undefined when there is nothing to remember. */
  get state(): StateRow | undefined {
    if (this.#since === undefined && this.#episode === 0) return undefined;
    return { life: this.rule.life, episode: this.#episode, raised: this.#raised, since: this.#since };
  }

  /** Takes up what was written. */
  restore({ raised, episode, since }: StateRow): void {
    this.#raised = this.#wanted = raised;
    this.#episode = episode;
    this.#since = since;
    if (raised || since === undefined) return;
    const passed = Math.min(Math.max(0, Date.now() - since), this.#forMs);
    this.#wait(Math.max(Math.min(this.#forMs, GRACE_MS), this.#forMs - passed));
  }

  /** A reading of its metric. */
  measured(measurement: Measurement): void {
    const { value } = measurement;
    if (this.#ended || typeof value === 'string') return;
    this.#last = measurement;
    if (!holds(this.rule, Number(value), this.#wanted)) return this.#calm();
    if (this.#wanted || this.#timer) return;
    if (this.#forMs === 0) return this.#want(true);
    this.#mark();
    this.#wait(this.#forMs);
  }

  /** A rule of silence begins, or its device was heard. */
  heard(): void {
    if (this.#ended) return;
    this.#mark();
    this.#wait(this.#forMs);
    if (this.#wanted) this.#want(false);
  }

  /**
   * The rule goes: nothing is raised any more, and what is raised is cleared with a last notice.
   * @throws ParleyError `not-stored`; it stays raised then
   */
  async end(): Promise<void> {
    this.stop();
    await this.#settling;
    if (this.#raised) await this.#publish(false);
  }

  /** Says nothing from here on. */
  stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  get #forMs(): number {
    return this.rule.forSeconds * 1000;
  }

  #calm(): void {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      if (!this.#raised) this.#since = undefined;
      this.#context.changed(this);
    }
    if (this.#wanted) this.#want(false);
  }

  /** While it is raised `since` is when that was. */
  #mark(): void {
    if (!this.#raised) this.#since = Date.now();
    this.#context.changed(this);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#want(true);
    }, ms);
  }

  #want(wanted: boolean): void {
    this.#wanted = wanted;
    if (wanted === this.#raised || this.#settling || this.#retry || this.#ended) return;
    this.#startSettling();
  }

  #startSettling(): void {
    this.#retry = undefined;
    this.#settling = this.#settle()
      .catch(() => {
        if (!this.#ended) this.#retry = setTimeout(() => this.#startSettling(), RETRY_MS);
      })
      .finally(() => {
        this.#settling = undefined;
        this.#context.changed(this);
        this.#want(this.#wanted);
      });
  }

  async #settle(): Promise<void> {
    while (this.#wanted !== this.#raised && !this.#ended) await this.#publish(this.#wanted);
  }

  async #publish(raised: boolean): Promise<void> {
    const { name, rule, device } = this;
    const { value, unit } = this.#last ?? {};
    const episode = raised ? this.#episode + 1 : this.#episode;
    // A rule of silence goes on from here; one of a threshold waits for a reading.
    const since = raised || rule.condition === 'silent' ? Date.now() : undefined;
    const decided = value === undefined ? undefined : Number(value);
    const occurrence = { name, rule, device, raised, episode, value: decided, unit, ended: this.#ended };
    await this.#context.announce(occurrence, { life: rule.life, episode, raised, since });
    this.#raised = raised;
    this.#episode = episode;
    this.#since = since;
  }
}
