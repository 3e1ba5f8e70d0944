import { encodeClientId, overlaps } from '@parley/shared';
import { nameOf } from './identity.ts';

/** Who asks: the name acted under, as {@link nameOf} gives it, and the client id, which owns its replies and errors. */
export interface Actor {
  readonly id: string;
  readonly user?: string | undefined;
}

/**
 * `publish` and `read` are of topics; `manage` changes, deletes or fills the channel that `channels/<channel>` describes;
 * `moderate` deletes what others wrote to a chat topic.
 */
export type Action = 'publish' | 'read' | 'manage' | 'moderate';

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

const open: Rule = { publish: 'everybody', read: 'everybody', manage: 'everybody', moderate: 'hub' };
const announced: Rule = { ...open, publish: 'hub' };

/** First letters of topics with rules of their own: chat, channels, dm, users, hub, presence, $SYS. */
const ruledInitials = new Set(['c', 'd', 'u', 'h', 'p', '$'].map((letter) => letter.charCodeAt(0)));

/** Whether everybody may read a topic whatever changes: it is under no root with rules of its own. */
export function readableByAll(topic: string): boolean {
  return !ruledInitials.has(topic.charCodeAt(0));
}

/** Topics whose rule is remembered; a hub has more topics than that only where rules are trivial. */
const REMEMBERED = 4096;

/**
 * The one place that decides what somebody may do (PRODUCT.md §3, the fixed rules): asked at publish, at subscribe and at
 * every delivery. With `auth: open` everybody may do everything else, but as nobody has a role there, nobody moderates.
 */
export class Rights {
  readonly #memberships: Memberships;
  readonly #rules = new Map<string, Rule>(); // by topic
  #version = -1;
  #lastTopic = '';
  #lastRule: Rule = open;

  constructor(memberships: Memberships) {
    this.#memberships = memberships;
  }

  /** @param who null is the hub itself */
  may(who: Actor | null, action: Action, topic: string): boolean {
    // Almost every topic is decided by its first letter: this runs per delivery.
    if (readableByAll(topic)) return action !== 'moderate' || who === null;
    if (who === null) return true;
    return isOf(who, this.#rule(topic)[action]);
  }

  /** A filter is granted when it can match something its subscriber may read. */
  maySubscribe(who: Actor, filter: string): boolean {
    const inner = filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
    const [root, second] = inner.split('/', 2);
    if (root === 'chat' || root === 'channels') return isOf(who, this.#channelParty(second ?? ''));
    const readable = readableBelow(who, root!);
    return !readable || readable.some((pattern) => overlaps(inner, pattern));
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
    if (second === undefined && first === undefined) return root === 'presence' || root === '$SYS' ? announced : open;
    if (root === 'chat' || root === 'channels') return this.#channelRule(root, first!);
    // Aedes' notes to itself name clients and their filters: they are for the program that embeds the hub.
    if (root === '$SYS' && (second === 'new' || second === 'disconnect')) return { ...announced, read: 'hub' };
    if (root === 'presence' || root === '$SYS') return announced;
    if (root === 'users') return forParty(new Set([first!]));
    if (root === 'dm') return forParty(new Set([first!, second ?? '']));
    if (root !== 'hub' || (first !== 'errors' && first !== 'replies')) return open;
    return { ...announced, read: { client: second ?? '' } };
  }

  #channelRule(root: string, channel: string): Rule {
    const party = this.#channelParty(channel);
    const rule = party === 'everybody' ? open : { ...forParty(party), moderate: open.moderate };
    return root === 'channels' ? { ...rule, publish: 'hub' } : rule;
  }

  #channelParty(channel: string): Party {
    return this.#memberships.membersOf(channel) ?? 'everybody';
  }
}

function forParty(party: Party): Rule {
  return { publish: party, read: party, manage: party, moderate: 'hub' };
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
