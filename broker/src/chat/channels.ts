import { checkName, ParleyError, topics } from '@parley/shared';
import type { Channel, Draft } from '@parley/shared';
import type { Actor, Memberships, Rights } from '../auth/rights.ts';
import { nameOf } from '../auth/identity.ts';
import type { Scope } from '../scope.ts';
import type { Tables, TableStage } from '../store/table.ts';
import { describe, stageChannel, stageRemoval } from './channel-state.ts';
import type { ChannelFields, ChannelState } from './channel-state.ts';
import type { Appended, ChatLog, Sending } from './log.ts';
import type { Logs } from './logs.ts';
import type { PublishChange } from './post.ts';
import { table } from './tables.ts';
import type { ChannelRow } from './tables.ts';

export interface ChannelsContext {
  readonly tables: Tables;
  readonly logs: Logs;
  readonly rights: () => Rights;
  /** Publishes a retained document of the hub, with rows of the same commit. */
  readonly publish: PublishChange;
  /** Topics of what users keep of a channel, to be emptied with it. */
  readonly belongings: (channel: string, log: ChatLog) => Iterable<string>;
  readonly maxChannels: number;
}

/** `lastSeq` of a busy channel is announced this often at most (PRODUCT.md §3: within 1 s). */
const ANNOUNCE_MS = 500;
const general = 'general';
const EMPTY = Buffer.alloc(0);

/** Every channel of the hub: what it is, who its members are, and its retained document. */
export class Channels implements Memberships {
  version = 0;
  readonly #channels = new Map<string, ChannelState>(); // by name
  readonly #resting = new Map<string, NodeJS.Timeout>(); // announced just now, by name
  readonly #outdated = new Set<string>(); // to be announced after that rest
  readonly #context: ChannelsContext;

  constructor(context: ChannelsContext, scope: Scope) {
    this.#context = context;
    this.load();
    scope.defer(() => this.#resting.forEach((timer) => clearTimeout(timer)));
  }

  /** Reads all of them anew, at the start and after a failed commit. */
  load(): void {
    const { tables, logs } = this.#context;
    this.version++;
    const before = new Set(this.#channels.keys());
    for (const { key, value } of tables.range(table.channels)) {
      const name = key[0] as string;
      const { place, ...fields } = value as ChannelRow;
      const members = new Set<string>();
      for (const row of tables.range(table.members, { prefix: [name] })) members.add(row.key[1] as string);
      this.#channels.set(name, { name, log: logs.open(topicOf(name), place), fields, members });
      before.delete(name);
    }
    for (const name of before) this.#forget(name);
    if (!this.#channels.has(general)) this.#add(general);
  }

  /** Publishes the documents that are not as they should be: of a first start, a crash or a restore. */
  async announceAll(retained: (topic: string) => Uint8Array | undefined): Promise<void> {
    for (const state of this.#channels.values()) {
      const payload = Buffer.from(topics.channel.codec.encode(describe(state)));
      if (payload.equals(retained(documentOf(state.name)) ?? EMPTY) && state.log.stored) continue;
      await this.#publish(state.name, payload, (stage) => stageChannel(state, stage));
    }
  }

  /** Appends to a channel; a first draft to a valid new name makes a public one. */
  append(channel: string, draft: Draft, sending: Sending): Appended {
    checkName(channel, 'channel');
    const known = this.#channels.get(channel);
    if (!known) this.#checkRoom();
    const log = known?.log ?? this.#context.logs.begin(topicOf(channel));
    const isNew = !log.stored;
    const appended = appendOrDrop(() => log.append(draft, sending), known ? undefined : () => this.#forget(channel));
    if (isNew) stageChannel(known ?? this.#add(channel, log, {}, this.#founders(sending.from)), sending.stage);
    return appended;
  }

  /** Where roles say who manages a channel, whoever made it is its member and may. */
  #founders(from: string): readonly string[] {
    return this.#context.rights().hasRoles ? [from] : [];
  }

  /** Tells readers of the log, and of the document, that entries were committed. */
  appended(channel: string): void {
    const state = this.#channels.get(channel);
    if (!state) return;
    state.log.wake();
    if (this.#resting.has(channel)) this.#outdated.add(channel);
    else this.#announce(channel);
  }

  membersOf(channel: string): ReadonlySet<string> | undefined {
    const state = this.#channels.get(channel);
    return state?.fields.private ? state.members : undefined;
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  isMember(channel: string, name: string): boolean {
    return this.#channels.get(channel)?.members.has(name) ?? false;
  }

  /** @throws ParleyError `name-invalid`; `not-found` when it is missing or hidden */
  log(channel: string, who: Actor | null): ChatLog {
    return this.#visible(channel, who).log;
  }

  describe(channel: string, who: Actor | null): Channel {
    return describe(this.#visible(channel, who));
  }

  members(channel: string, who: Actor | null): string[] {
    return [...this.#visible(channel, who).members].toSorted();
  }

  list(who: Actor | null): Channel[] {
    const seen = [...this.#channels.values()].filter(({ name }) => this.#sees(who, name));
    return seen.map((state) => describe(state)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws ParleyError `name-invalid`, `not-authorized`, `name-taken`, `quota-exceeded` */
  async create(name: string, given: ChannelFields, by: Actor): Promise<Channel> {
    checkName(name, 'channel');
    if (!this.#context.rights().may(by, 'create', topicOf(name)) && !this.#channels.has(name)) {
      throw new ParleyError('not-authorized', `${nameOf(by)} may not make channels`);
    }
    if (this.#channels.has(name)) throw new ParleyError('name-taken', `there is a channel ${name} already`);
    this.#checkRoom();
    const state = this.#add(name, undefined, given, [nameOf(by)]);
    await this.#publishState(state);
    return describe(state);
  }

  /** @throws ParleyError `not-found`, `not-authorized` */
  async change(name: string, given: ChannelFields, by: Actor): Promise<Channel> {
    const before = this.#managed(name, by);
    if (given.private && name === general) throw new ParleyError('not-authorized', `${general} is for everybody`);
    const members = given.private ? [...before.members, nameOf(by)] : before.members;
    const state = this.#replace({ ...before, fields: merge(before.fields, given), members: new Set(members) });
    await this.#publishState(state);
    return describe(state);
  }

  /** @throws ParleyError `not-found`, `not-authorized` */
  async delete(name: string, by: Actor): Promise<void> {
    const state = this.#managed(name, by);
    if (name === general) throw new ParleyError('not-authorized', `${general} always exists`);
    const { publish, belongings } = this.#context;
    const emptied = [...belongings(name, state.log)];
    this.#forget(name);
    await this.#publish(name, EMPTY, (stage) => stageRemoval(state, stage));
    for (const topic of emptied) await publish({ topic, payload: EMPTY, qos: 1, retain: true });
  }

  /** @throws ParleyError `not-found`, `name-invalid` */
  async putMember(name: string, member: string, by: Actor): Promise<void> {
    const before = this.#managed(name, by);
    checkName(member, 'member');
    await this.#publishState(this.#replace({ ...before, members: new Set([...before.members, member]) }));
  }

  /** @throws ParleyError `not-found`; `request-invalid` when nobody would be left */
  async deleteMember(name: string, member: string, by: Actor): Promise<void> {
    const before = this.#managed(name, by);
    const members = new Set(before.members);
    if (!members.delete(member)) throw new ParleyError('not-found', `channel ${name} has no member ${member}`);
    if (before.fields.private && members.size === 0) {
      throw new ParleyError('request-invalid', `${member} is the last member of ${name}; delete the channel instead`);
    }
    const state = this.#replace({ ...before, members });
    await this.#publishState(state, (stage) => stage.remove(table.members, [name, member]));
    if (before.fields.private) await this.#tellRemoved(name, member);
  }

  /** The document of the channel no longer reaches who was taken out of it. */
  #tellRemoved(channel: string, user: string): Promise<void> {
    const topic = topics.membership.build({ user, channel });
    const payload = topics.membership.codec.encode({ member: false });
    return this.#context.publish({ topic, payload, qos: 1, retain: false });
  }

  #checkRoom(): void {
    const { maxChannels } = this.#context;
    if (this.#channels.size < maxChannels) return;
    throw new ParleyError('quota-exceeded', `there are ${maxChannels} channels already, as many as there may be`);
  }

  #visible(channel: string, who: Actor | null): ChannelState {
    const state = this.#channels.get(checkName(channel, 'channel'));
    if (state && this.#sees(who, channel)) return state;
    throw new ParleyError('not-found', `there is no channel ${channel}`);
  }

  #managed(channel: string, who: Actor): ChannelState {
    const state = this.#visible(channel, who);
    if (this.#context.rights().may(who, 'manage', documentOf(channel))) return state;
    throw new ParleyError('not-authorized', `${nameOf(who)} may not change ${channel}`);
  }

  #sees(who: Actor | null, channel: string): boolean {
    return this.#context.rights().may(who, 'read', topicOf(channel));
  }

  #add(name: string, log?: ChatLog, given: ChannelFields = {}, members: readonly string[] = []): ChannelState {
    const fields = merge({ topic: '', private: false }, given);
    const own = log ?? this.#context.logs.begin(topicOf(name));
    return this.#replace({ name, log: own, fields, members: new Set(members) });
  }

  #replace(state: ChannelState): ChannelState {
    this.#channels.set(state.name, state);
    this.version++;
    return state;
  }

  #forget(name: string): void {
    this.#channels.delete(name);
    this.version++;
    this.#context.logs.drop(topicOf(name));
  }

  #announce(channel: string): void {
    const state = this.#channels.get(channel);
    if (!state) return;
    this.#resting.set(
      channel,
      setTimeout(() => this.#rested(channel), ANNOUNCE_MS),
    );
    void this.#publish(channel, topics.channel.codec.encode(describe(state))).catch(() => undefined);
  }

  #rested(channel: string): void {
    this.#resting.delete(channel);
    if (this.#outdated.delete(channel)) this.#announce(channel);
  }

  #publishState(state: ChannelState, more?: (stage: TableStage) => void): Promise<void> {
    return this.#publish(state.name, topics.channel.codec.encode(describe(state)), (stage) => {
      stageChannel(state, stage);
      more?.(stage);
    });
  }

  #publish(channel: string, payload: Uint8Array, stage?: (stage: TableStage) => void): Promise<void> {
    return this.#context.publish({ topic: documentOf(channel), payload, qos: 1, retain: true }, stage);
  }
}

function topicOf(channel: string): string {
  return topics.chat.build({ channel });
}

function documentOf(channel: string): string {
  return topics.channel.build({ channel });
}

function merge(before: ChannelState['fields'], { topic, display, private: isPrivate }: ChannelFields) {
  const shown = display ?? before.display;
  return {
    topic: topic ?? before.topic,
    private: isPrivate ?? before.private,
    ...(shown !== undefined && { display: shown }),
  };
}

/** A draft that is refused leaves no channel behind. */
function appendOrDrop(append: () => Appended, drop: (() => void) | undefined): Appended {
  try {
    return append();
  } catch (refusal) {
    drop?.();
    throw refusal;
  }
}
