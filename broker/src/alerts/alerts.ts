import { checkName, ParleyError, topics } from '@parley/shared';
import type { Reading } from '@parley/shared';
import { ulid } from 'ulid';
import type { Actor, Rights } from '../auth/rights.ts';
import { nameOf } from '../auth/identity.ts';
import { Notice } from '../chat/post.ts';
import { table } from '../chat/tables.ts';
import type { Recorder } from '../devices/recorder.ts';
import { DEVICES } from '../devices/tables.ts';
import type { PartRow } from '../devices/tables.ts';
import type { PublishAs } from '../http/refusal.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import type { TableStage } from '../store/table.ts';
import { toDraft } from './notice.ts';
import type { Occurrence } from './notice.ts';
import { checkTerms, EVERY_DEVICE } from './rule.ts';
import type { Alert, Terms } from './rule.ts';
import { RunningRule } from './running-rule.ts';
import { ALERTS, STATES } from './tables.ts';
import type { RuleRow, StateRow } from './tables.ts';
import type { Watch } from './watch.ts';

export interface AlertsContext {
  readonly store: Store;
  readonly rights: Rights;
  readonly recorder: Pick<Recorder, 'listen' | 'settle'>;
  readonly publish: PublishAs;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface AlertCounts {
  readonly rules: number;
  /** Pairs of a rule and a device. */
  readonly raised: number;
}

const MAX_RULES = 500;
/** Pairs of a rule and a device that are watched at once; each may have a timer. */
const MAX_WATCHES = 100_000;
/** What a restart needs beside the notices is written this often, so that a flapping sensor does not write each time. */
const FLUSH_MS = 5000;
/** Raised devices named in an answer. */
const SHOWN = 100;
/** A device may call its unit anything. */
const MAX_UNIT = 32;

/** Rules over what devices measure, or do not, and the notices that say when one begins and ceases to hold. */
export class Alerts {
  readonly #context: AlertsContext;
  readonly #rules = new Map<string, RunningRule>(); // by name
  /** By device; rules for every device are at {@link EVERY_DEVICE}. */
  #byDevice = new Map<string, RunningRule[]>();
  /** Names that are being changed: one change of a rule at a time. */
  readonly #changing = new Set<string>();
  readonly #dirty = new Set<Watch>();
  #watches = 0;

  constructor(context: AlertsContext, scope: Scope) {
    this.#context = context;
    for (const { key } of context.store.range(ALERTS)) this.#open(String(key[0]));
    context.recorder.listen((device, readings) => this.#take(device, readings));
    const timer = setInterval(() => this.#flush(), FLUSH_MS);
    scope.defer(() => {
      clearInterval(timer);
      context.recorder.listen(undefined);
      this.#flush();
      for (const rule of this.#rules.values()) rule.stop();
    });
  }

  /** Read when somebody asks. */
  get counts(): AlertCounts {
    const rules = this.#rules;
    return {
      get rules() {
        return rules.size;
      },
      get raised() {
        let raised = 0;
        for (const { watches } of rules.values()) for (const watch of watches) if (watch.raised) raised++;
        return raised;
      },
    };
  }

  /** Rules whose notices the caller may read. */
  list(who: Actor): Alert[] {
    return Array.from(this.#rules.values(), toAlert).filter((alert) => this.#sees(who, alert));
  }

  /** @throws ParleyError `not-found` */
  get(name: string, who: Actor): Alert {
    const rule = this.#rules.get(name);
    const alert = rule && toAlert(rule);
    if (alert && this.#sees(who, alert)) return alert;
    throw new ParleyError('not-found', `there is no alert ${name.slice(0, 80)}`);
  }

  /** @throws ParleyError `name-invalid`, `name-taken`, `request-invalid`, `not-authorized`, `too-many`, `not-stored` */
  async create(name: string, terms: Terms, who: Actor): Promise<Alert> {
    checkName(name, 'alert');
    if (this.#rules.has(name)) throw new ParleyError('name-taken', `there is an alert ${name} already`);
    if (this.#rules.size + this.#changing.size >= MAX_RULES)
      throw new ParleyError('too-many', `${MAX_RULES} alerts are all there can be`);
    return this.#change(name, () => this.#put(name, this.#checked(terms, who), who));
  }

  /**
   * Gives a rule other terms; what was raised under the old ones is cleared. The same terms change nothing.
   * @throws ParleyError as {@link create} does, and `not-found`
   */
  async replace(name: string, given: Terms, who: Actor): Promise<Alert> {
    const { rule } = this.#owned(name, who);
    const terms = this.#checked(given, who);
    if (sameTerms(rule, terms)) return this.get(name, who);
    return this.#change(name, async () => {
      await this.#end(name);
      return this.#put(name, terms, who, rule.createdAt);
    });
  }

  /** Clears what is raised and removes the rule. @throws ParleyError `not-found`, `not-authorized`, `not-stored` */
  async delete(name: string, who: Actor): Promise<void> {
    this.#owned(name, who);
    await this.#change(name, async () => {
      await this.#end(name);
      await this.#commit(name, (batch) => batch.remove(ALERTS, [name]));
      this.#close(name);
    });
  }

  async #put(name: string, terms: Terms, who: Actor, createdAt = Date.now()): Promise<Alert> {
    const row: RuleRow = { ...terms, life: ulid(), by: nameOf(who), createdAt, updatedAt: Date.now() };
    await this.#commit(name, (batch) => batch.put(ALERTS, [name], row));
    // It begins with what devices measured last.
    await this.#context.recorder.settle();
    this.#close(name);
    this.#open(name);
    return this.get(name, who);
  }

  /** @throws ParleyError `not-found`, `not-authorized` for who may read its notices but not write there */
  #owned(name: string, who: Actor): RunningRule {
    this.get(name, who);
    const running = this.#rules.get(name)!;
    const topic = topics.chat.build({ channel: running.rule.channel });
    if (this.#context.rights.may(who, 'publish', topic)) return running;
    throw new ParleyError('not-authorized', `${nameOf(who)} may not change alert ${name}`);
  }

  #checked(given: Terms, who: Actor): Terms {
    const terms = checkTerms(given);
    const device = terms.device === EVERY_DEVICE ? undefined : terms.device;
    if (this.#mayAct(who, terms.channel, device)) return terms;
    throw new ParleyError('not-authorized', `${nameOf(who)} may not alert ${terms.channel} of ${terms.device}`);
  }

  /** Whether somebody may read a device's telemetry and write to a channel. */
  #mayAct(who: Actor, channel: string, device: string | undefined): boolean {
    const { rights, store } = this.#context;
    const topic = topics.chat.build({ channel });
    const reads = device === undefined || rights.may(who, 'read', topics.telemetry.build({ device }));
    // The first notice makes the channel.
    const isThere = store.get(table.channels, [channel]) !== undefined || rights.may(who, 'create', topic);
    return reads && isThere && rights.may(who, 'publish', topic);
  }

  #sees(who: Actor, { channel }: Alert): boolean {
    return this.#context.rights.may(who, 'read', topics.chat.build({ channel }));
  }

  /** One change of a rule at a time, and when one fails the rule goes on as it is stored. */
  async #change<Result>(name: string, change: () => Promise<Result>): Promise<Result> {
    if (this.#changing.has(name)) throw new ParleyError('too-many-requests', `alert ${name} is being changed already`);
    this.#changing.add(name);
    try {
      return await change();
    } catch (failure) {
      this.#close(name);
      this.#open(name);
      throw failure;
    } finally {
      this.#changing.delete(name);
    }
  }

  async #end(name: string): Promise<void> {
    const running = this.#rules.get(name)!;
    this.#index((rules) => rules.filter((one) => one !== running), running);
    await running.end();
  }

  /** Removes the states of a rule and does something to it, in one commit. */
  #commit(name: string, change: (stage: TableStage) => void): Promise<void> {
    const { store } = this.#context;
    const batch = store.batch();
    for (const { key } of store.range(STATES, { prefix: [name] })) batch.remove(STATES, key);
    change(batch);
    return new Promise((resolve, reject) => {
      batch.commit((error) => (error ? reject(new ParleyError('not-stored', error.message)) : resolve()));
    });
  }

  #open(name: string): void {
    const { store } = this.#context;
    const rule = store.get(ALERTS, [name]) as RuleRow | undefined;
    if (!rule) return;
    const running = new RunningRule(
      {
        store,
        takes: () => this.#watches < MAX_WATCHES,
        count: (change) => (this.#watches += change),
        announce: (occurrence, state) => this.#announce(occurrence, state),
        changed: (watch) => this.#dirty.add(watch),
      },
      name,
      rule,
    );
    this.#rules.set(name, running);
    this.#index((rules) => [...rules, running], running);
    running.start();
  }

  #close(name: string): void {
    const running = this.#rules.get(name);
    if (!running) return;
    this.#rules.delete(name);
    this.#index((rules) => rules.filter((one) => one !== running), running);
    for (const watch of running.stop()) this.#dirty.delete(watch);
  }

  #index(change: (rules: RunningRule[]) => RunningRule[], { rule }: RunningRule): void {
    const rules = change(this.#byDevice.get(rule.device) ?? []);
    if (rules.length > 0) this.#byDevice.set(rule.device, rules);
    else this.#byDevice.delete(rule.device);
  }

  /** Every reading of every device comes by here. */
  #take(device: string, readings: readonly Reading[]): void {
    if (this.#byDevice.size === 0) return;
    for (const rule of this.#byDevice.get(device) ?? []) rule.take(device, readings);
    for (const rule of this.#byDevice.get(EVERY_DEVICE) ?? []) rule.take(device, readings);
  }

  /** The notice and the state it leads to are one commit: killed at any time, it is said once. */
  async #announce(occurrence: Occurrence, state: StateRow): Promise<void> {
    const { name, rule, device } = occurrence;
    const { publish, log } = this.#context;
    // A rule says what its maker may see, to where its maker may write.
    if (!this.#mayAct({ id: '', user: rule.by }, rule.channel, device)) {
      if (occurrence.raised) throw new ParleyError('not-authorized', `${rule.by} may not alert of ${device}`);
      return this.#commitState(name, device, state);
    }
    const { contentType } = topics.chat.codec;
    const unit = (occurrence.unit ?? this.#unit(device, rule.metric))?.slice(0, MAX_UNIT);
    const payload = Buffer.from(JSON.stringify(toDraft({ ...occurrence, unit })));
    const notice = new Notice((stage) => stage.put(STATES, [name, device], state));
    const topic = topics.chat.build({ channel: rule.channel });
    try {
      await publish({ topic, payload, qos: 1, properties: { contentType } }, notice);
    } catch (error) {
      log('alert.unsaid', { alert: name, device, error: (error as Error).message });
      throw error;
    }
  }

  #commitState(name: string, device: string, state: StateRow): Promise<void> {
    const batch = this.#context.store.batch();
    batch.put(STATES, [name, device], state);
    return new Promise((resolve, reject) => batch.commit((error) => (error ? reject(error) : resolve())));
  }

  #unit(device: string, metric: string | undefined): string | undefined {
    const about = this.#context.store.get(DEVICES, [device, 'about']) as PartRow<'about'> | undefined;
    const metrics = about?.value.metrics ?? {};
    return metric !== undefined && Object.hasOwn(metrics, metric) ? metrics[metric]?.unit : undefined;
  }

  /** Writes since when something is the case. Lost, it is counted from later. */
  #flush(): void {
    if (this.#dirty.size === 0) return;
    const batch = this.#context.store.batch();
    for (const watch of this.#dirty) {
      if (watch.busy) continue;
      const { name, device, state } = watch;
      if (state) batch.put(STATES, [name, device], state);
      else batch.remove(STATES, [name, device]);
      if (watch.idle) this.#rules.get(name)?.forget(watch);
    }
    this.#dirty.clear();
    batch.commit(() => undefined);
  }
}

function toAlert({ name, rule, watches }: RunningRule): Alert {
  const { life: _life, ...row } = rule;
  const raised = Array.from(watches).filter((watch) => watch.raised);
  const shown = raised.slice(0, SHOWN).map(({ device, state }) => ({ device, since: state?.since ?? 0 }));
  return { ...row, name, raised: shown, raisedCount: raised.length };
}

function sameTerms(one: Terms, other: Terms): boolean {
  return termsText(one) === termsText(other);
}

function termsText({ device, metric, condition, threshold, hysteresis, forSeconds, channel }: Terms): string {
  return JSON.stringify([device, metric, condition, threshold, hysteresis, forSeconds, channel]);
}
