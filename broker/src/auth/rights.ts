import { encodeClientId, overlaps } from '@parley/shared';
import type { Grant } from './grant.ts';
import { nameOf } from './identity.ts';
import type { Decision, Policy } from './policy.ts';

/** Who asks: the name acted under, as {@link nameOf} gives it, and the client id, which owns its replies and errors. */
export interface Actor {
  readonly id: string;
  readonly user?: string | undefined;
  /** What it was let in by, with accounts. */
  readonly grant?: Grant | undefined;
}

/**
 * `publish` and `read` are of topics; `manage` changes, deletes or fills the channel that `channels/<channel>` describes;
 * `moderate` deletes what others wrote to a chat topic; `create` makes the channel of a chat topic; `administer` is of no
 * topic, but of accounts and the hub.
 */
export type Action = 'publish' | 'read' | 'manage' | 'moderate' | 'create' | 'administer';

/** What rights depend on beside names. */
export interface Memberships {
  /** Grows with every change of what is private and who is a member. */
  readonly version: number;
  /** Who may see a channel; undefined when everybody may, or when there is none. */
  membersOf(channel: string): ReadonlySet<string> | undefined;
}

/** Whom a rule lets in: everybody, only the hub, users by name, or one client by its encoded id. */
type Party = 'everybody' | 'hub' | ReadonlySet<string> | { readonly client: string };
type Rule = Readonly<Record<Action, Party>>;

const everything = { publish: 'everybody', read: 'everybody', manage: 'everybody', create: 'everybody' } as const;
const open: Rule = { ...everything, moderate: 'hub', administer: 'hub' };
/** With accounts, roles say who moderates and administers. */
const ruled: Rule = { ...everything, moderate: 'everybody', administer: 'everybody' };

/** First letters of topics with rules of their own: chat, channels, dm, users, hub, presence, $SYS. */
const ruledInitials = new Set(['c', 'd', 'u', 'h', 'p', '$'].map((letter) => letter.charCodeAt(0)));

/** Whether a topic is under no root with rules of its own. */
function isPlain(topic: string): boolean {
  return !ruledInitials.has(topic.charCodeAt(0));
}

/** Topics whose rule is remembered; a hub has more topics than that only where rules are trivial. */
const REMEMBERED = 4096;

/**
 * The one place that decides what somebody may do: asked at publish, at subscribe and at every delivery. The fixed rules of
 * the topics (PRODUCT.md §3) hold for everybody. With `auth: open` everybody may do everything else, but as nobody has a
 * role there, nobody moderates. With accounts a role must allow it as well.
 */
export class Rights {
  readonly #memberships: Memberships;
  readonly #policy: Policy | undefined;
  readonly #open: Rule;
  readonly #announced: Rule;
  readonly #rules = new Map<string, Rule>(); // by topic
  #version = -1;
  #lastTopic = '';
  #lastRule: Rule;

  /** @param policy what roles allow; without it there are none, as with `auth: open` */
  constructor(memberships: Memberships, policy?: Policy) {
    this.#memberships = memberships;
    this.#policy = policy;
    this.#open = policy ? ruled : open;
    this.#announced = { ...this.#open, publish: 'hub' };
    this.#lastRule = this.#open;
  }

  /** Whether roles decide, too: with accounts. */
  get hasRoles(): boolean {
    return this.#policy !== undefined;
  }

  /** @param who null is the hub itself */
  may(who: Actor | null, action: Action, topic: string): boolean {
    // Without roles almost every topic is decided by its first letter: this runs per delivery.
    if (!this.#policy && isPlain(topic)) return (action !== 'moderate' && action !== 'administer') || who === null;
    if (who === null) return true;
    return isOf(who, this.#rule(topic)[action]) && (this.#policy?.may(who, action, topic) ?? true);
  }

  /** A filter is granted when it can match something its subscriber may read. */
  maySubscribe(who: Actor, filter: string): boolean {
    if (this.#policy && !this.#policy.maySubscribe(who, filter)) return false;
    const inner = filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
    const [root, second] = inner.split('/', 2);
    if (root === 'chat' || root === 'channels') return isOf(who, this.#channelParty(second ?? ''));
    const readable = readableBelow(who, root!);
    return !readable || readable.some((pattern) => overlaps(inner, pattern));
  }

  /** Whether everybody may read a topic whatever changes: then nobody need be asked at each delivery. */
  readableByAll(topic: string): boolean {
    return !this.#policy && isPlain(topic);
  }

  /** Why somebody may do something or not, for a person to read. */
  explain(who: Actor, action: Action, topic: string): Decision {
    const party = this.#rule(topic)[action];
    if (!isOf(who, party))
      return { allowed: false, because: `fixed rule of ${topic}: ${action} is for ${said(party)}` };
    return this.#policy?.decide(who, action, topic) ?? { allowed: true, because: 'auth is open' };
  }

  /** A fan-out asks for one topic again and again; the last one is found by its identity. */
  #rule(topic: string): Rule {
    const { version } = this.#memberships;
    if (version !== this.#version) {
      this.#rules.clear();
      this.#version = version;
    } else if (topic === this.#lastTopic) return this.#lastRule;
    this.#lastTopic = topic;
    return (this.#lastRule = this.#rules.get(topic) ?? this.#remember(topic));
  }

  #remember(topic: string): Rule {
    const rule = this.#decide(topic);
    if (this.#rules.size >= REMEMBERED) this.#rules.clear();
    this.#rules.set(topic, rule);
    return rule;
  }

  #decide(topic: string): Rule {
    const [root, first, second] = topic.split('/', 3);
    const [free, announced] = [this.#open, this.#announced];
    if (second === undefined && first === undefined) return root === 'presence' || root === '$SYS' ? announced : free;
    if (root === 'chat' || root === 'channels') return this.#channelRule(root, first!);
    // Aedes' notes to itself name clients and their filters: they are for the program that embeds the hub.
    if (root === '$SYS' && (second === 'new' || second === 'disconnect')) return { ...announced, read: 'hub' };
    if (root === 'presence' || root === '$SYS') return announced;
    if (root === 'users') return forParty(new Set([first!]));
    if (root === 'dm') return forParty(new Set([first!, second ?? '']));
    if (root !== 'hub' || (first !== 'errors' && first !== 'replies')) return free;
    return { ...announced, read: { client: second ?? '' } };
  }

  #channelRule(root: string, channel: string): Rule {
    const party = this.#channelParty(channel);
    const rule = party === 'everybody' ? this.#open : forParty(party, this.#policy ? party : 'hub');
    return root === 'channels' ? { ...rule, publish: 'hub' } : rule;
  }

  #channelParty(channel: string): Party {
    return this.#memberships.membersOf(channel) ?? 'everybody';
  }
}

function forParty(party: Party, moderate: Party = 'hub'): Rule {
  return { publish: party, read: party, manage: party, create: party, moderate, administer: 'hub' };
}

function said(party: Party): string {
  if (party === 'everybody' || party === 'hub') return party === 'hub' ? 'the hub alone' : party;
  return 'client' in party ? `the client ${party.client}` : [...party].join(', ');
}

function isOf(who: Actor, party: Party): boolean {
  if (party === 'everybody') return true;
  if (party === 'hub') return false;
  return 'client' in party ? party.client === encodeClientId(who.id) : party.has(nameOf(who));
}

/** Filters of all that a client may read below a root that is not open; undefined for one that is. */
function readableBelow(who: Actor, root: string): readonly string[] | undefined {
  const own = encodeClientId(who.id);
  const name = nameOf(who);
  if (root === 'dm') return [`dm/${name}/#`, `dm/+/${name}/#`];
  if (root === 'users') return [`users/${name}/#`];
  if (root === 'hub') return [`hub/errors/${own}/#`, `hub/replies/${own}/#`, 'hub/requests/#'];
  return undefined;
}
