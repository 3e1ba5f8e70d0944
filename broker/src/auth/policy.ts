import { encodeClientId, overlaps, parseFilter } from '@parley/shared';
import type { Accounts } from './accounts.ts';
import type { Grant } from './grant.ts';
import { nameOf } from './identity.ts';
import type { Action, Actor, Memberships } from './rights.ts';
import { covers, fill, matchesTopic } from './rule-match.ts';
import type { Subject } from './rule-match.ts';
import type { Roles, Rule } from './rules.ts';

/** Why something was decided as it was. */
export interface Decision {
  readonly allowed: boolean;
  /** The rule in words: its role, its place there, and what it says. */
  readonly because: string;
}

/** Members of channels, which rules can name as `${channel}`. */
export interface Members extends Memberships {
  /** Whether a channel, private or not, names somebody as its member. */
  isMember(channel: string, name: string): boolean;
}

/** Decisions remembered; past it all are made anew. */
const REMEMBERED = 20_000;

/** What accounts may do, by their roles. The fixed rules of the topics hold beside it; see {@link Rights}. */
export class Policy {
  readonly #accounts: Accounts;
  readonly #memberships: Members;
  #roles: Roles;
  /** By action and topic, then by name: a fan-out asks the same topic for many names. */
  #decided = new Map<string, Map<string, boolean>>();
  #size = 0;
  #atVersion = -1;
  #atMembers = -1;
  #lastTopic = '';
  #lastAction: Action | undefined;
  #last = new Map<string, boolean>();
  #live = new WeakMap<Grant, boolean>();
  #liveAt = -1;

  constructor(accounts: Accounts, memberships: Members, roles: Roles) {
    this.#accounts = accounts;
    this.#memberships = memberships;
    this.#roles = roles;
  }

  get roles(): Roles {
    return this.#roles;
  }

  /** Other rules, from now on. */
  replace(roles: Roles): void {
    this.#roles = roles;
    this.#forget();
  }

  may(who: Actor, action: Action, topic: string): boolean {
    const name = nameOf(who);
    // The hub's own name cannot be signed in with.
    if (name === 'hub') return true;
    const { grant } = who;
    if (grant) {
      if (!this.#isLive(grant)) return false;
      if (grant.channels && !isWithin(grant.channels, action, topic)) return false;
    }
    if (this.#roles.dependOnClients) return this.decide(who, action, topic).allowed;
    const decided = this.#decisionsOf(action, topic);
    let allowed = decided.get(name);
    if (allowed === undefined) {
      allowed = this.decide(who, action, topic).allowed;
      decided.set(name, allowed);
      this.#size++;
    }
    return allowed;
  }

  /** A filter is granted when some rule allows something it matches, and no earlier one denies all of it. */
  maySubscribe(who: Actor, filter: string): boolean {
    const { grant } = who;
    if (grant && !this.#isLive(grant)) return false;
    const inner = parseFilter(filter)?.filter ?? filter;
    if (grant?.channels && !mayOverlap(grant.channels, inner)) return false;
    const subject = this.#subject(who);
    return this.#rulesOf(subject.name).some(({ rules }) => {
      for (const rule of rules) {
        if (!rule.actions.has('read')) continue;
        const pattern = fill(rule.levels, subject);
        if (pattern === undefined) continue;
        if (rule.allow && overlaps(inner, pattern.filter)) return true;
        if (!rule.allow && pattern.exact && covers(pattern.filter, inner)) return false;
      }
      return false;
    });
  }

  /** Asks every role in turn: in each the first rule that matches decides, and one role that allows is enough. */
  decide(who: Actor, action: Action, topic: string): Decision {
    const subject = this.#subject(who);
    const roles = this.#rulesOf(subject.name);
    if (roles.length === 0) return { allowed: false, because: `${subject.name} has no account with a role` };
    const levels = topic.split('/');
    let denied: Rule | undefined;
    for (const { rules } of roles) {
      const rule = rules.find((one) => one.actions.has(action) && matchesTopic(one.levels, levels, subject));
      if (rule?.allow) return { allowed: true, because: rule.says };
      denied ??= rule;
    }
    const names = roles.map(({ role }) => role).join(', ');
    return { allowed: false, because: denied?.says ?? `no rule of ${names} allows it` };
  }

  #rulesOf(name: string): { role: string; rules: readonly Rule[] }[] {
    const roles = this.#accounts.row(name)?.roles ?? [];
    return roles.flatMap((role) => {
      const rules = this.#roles.get(role);
      return rules ? [{ role, rules }] : [];
    });
  }

  #subject(who: Actor): Subject {
    const name = nameOf(who);
    const kind = this.#accounts.row(name)?.kind;
    return {
      name,
      client: encodeClientId(who.id),
      device: kind === 'device' ? name : undefined,
      isMember: (channel) => this.#memberships.isMember(channel, name),
    };
  }

  /** A fan-out asks for one topic again and again; this runs per delivery. */
  #decisionsOf(action: Action, topic: string): Map<string, boolean> {
    const { version } = this.#accounts;
    const members = this.#memberships.version;
    if (version !== this.#atVersion || members !== this.#atMembers || this.#size > REMEMBERED) {
      this.#forget();
      this.#atVersion = version;
      this.#atMembers = members;
    } else if (topic === this.#lastTopic && action === this.#lastAction) return this.#last;
    const key = `${action} ${topic}`;
    let decisions = this.#decided.get(key);
    if (!decisions) {
      decisions = new Map();
      this.#decided.set(key, decisions);
      this.#size++;
    }
    this.#lastTopic = topic;
    this.#lastAction = action;
    return (this.#last = decisions);
  }

  #forget(): void {
    this.#decided = new Map();
    this.#size = 0;
    this.#lastTopic = '';
  }

  /** What is revoked is asked of the store once per change; what expires, of the clock each time. */
  #isLive(grant: Grant): boolean {
    if (grant.expiresAt !== undefined && grant.expiresAt <= Date.now()) return false;
    if (this.#liveAt !== this.#accounts.version) {
      this.#live = new WeakMap();
      this.#liveAt = this.#accounts.version;
    }
    let live = this.#live.get(grant);
    if (live === undefined) this.#live.set(grant, (live = this.#accounts.isLive(grant)));
    return live;
  }
}

/** A token made for some channels is good for their messages, and for asking the hub about them. */
function isWithin(channels: ReadonlySet<string>, action: Action, topic: string): boolean {
  if (action === 'manage' || action === 'administer') return false;
  const [root, channel] = topic.split('/', 2);
  if (root === 'chat' || root === 'channels') return channels.has(channel ?? '');
  return root === 'hub' && topic !== 'hub/requests/who' && topic !== 'hub/requests/presence';
}

function mayOverlap(channels: ReadonlySet<string>, filter: string): boolean {
  const own = [...channels].flatMap((channel) => [`chat/${channel}/#`, `channels/${channel}`]);
  return [...own, 'hub/#'].some((pattern) => overlaps(filter, pattern));
}
