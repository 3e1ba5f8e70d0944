import { topics } from '@parley/shared';
import type { Presence } from '@parley/shared';
import type { Aedes } from 'aedes';
import type { Actor } from '../auth/rights.ts';
import { isGuest, nameOf } from '../auth/identity.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';

export interface PresenceContext {
  readonly aedes: Aedes;
  /** What was published before this start. */
  readonly retained: Pick<Store, 'retained' | 'retainedTopics'>;
  /** Publishes as the hub: the retained documents on `presence/<name>`. */
  readonly publishRetained: (topic: string, payload: Uint8Array) => void;
}

export interface PresenceOptions {
  readonly presenceGraceSeconds: number;
}

interface Standing {
  connections: number;
  /** A device is online by the status it publishes, whoever carries it. */
  reported: boolean;
  /** Said so itself; forgotten when it goes offline. */
  away: boolean;
  leaving?: NodeJS.Timeout;
  published?: Presence;
}

/** Names that were here once and are remembered as offline; who is gone longest makes room. */
const REMEMBERED = 10_000;

/** What removes a retained document. */
const EMPTY = Buffer.alloc(0);

/** Who stays this long has come, also without subscribing to anything. */
const ARRIVAL_MS = 1000;

/**
 * Presence by name, over all its connections; a reconnect within the grace stays online. Guests have none, and neither
 * has who only drops a message, as mosquitto_pub does: a connection counts once it subscribes or has stayed a moment.
 */
export class PresenceBook {
  readonly #standings = new Map<string, Standing>(); // by name
  readonly #gone = new Set<string>(); // names that are offline, those that are so longest first
  readonly #context: PresenceContext;
  readonly #graceMs: number;
  readonly #newcomers = new Map<Actor, NodeJS.Timeout>(); // by connection
  readonly #here = new WeakSet<Actor>(); // connections that count

  constructor(context: PresenceContext, { presenceGraceSeconds }: PresenceOptions, scope: Scope) {
    this.#context = context;
    this.#graceMs = presenceGraceSeconds * 1000;
    this.#restore(scope);
    scope.on(context.aedes, 'clientReady', (client: Actor) => this.#connected(client));
    scope.on(context.aedes, 'subscribe', (_filters: unknown, client: Actor | null) => client && this.#stays(client));
    scope.on(context.aedes, 'clientDisconnect', (client: Actor) => this.#disconnected(client));
    scope.defer(() => this.#standings.forEach(({ leaving }) => clearTimeout(leaving)));
    scope.defer(() => this.#newcomers.forEach((timer) => clearTimeout(timer)));
  }

  /** What a device says of itself on `devices/<device>/status`, its will included. */
  report(device: string, online: boolean): void {
    if (isGuest(device) || device === 'hub') return;
    const standing = this.#standing(device);
    standing.reported = online;
    this.#settle(device, standing);
  }

  /** Shows somebody as away, or here again. Who is not connected stays offline. */
  set(name: string, status: 'online' | 'away'): { user: string } & Presence {
    for (const client of this.#newcomers.keys()) if (nameOf(client) === name) this.#stays(client);
    const standing = this.#standings.get(name);
    if (!standing?.published) return { user: name, status: 'offline', at: Date.now(), connections: 0 };
    standing.away = status === 'away';
    this.#settle(name, standing);
    return { user: name, ...standing.published };
  }

  list(): ({ user: string } & Presence)[] {
    return [...this.#standings].flatMap(([user, { published }]) => (published ? [{ user, ...published }] : []));
  }

  /** Who was here before the hub started has the grace to come back: until then nothing is said of them, as all do at once. */
  #restore(scope: Scope): void {
    const { retained } = this.#context;
    const gone: [string, number][] = [];
    const restored = new Map<string, Standing>();
    for (const topic of retained.retainedTopics(topics.presence.filter())) {
      if (topic === undefined) continue;
      const name = topics.presence.parse(topic)?.name;
      const published = name === undefined ? undefined : decode(retained.retained(topic)?.payload);
      if (!published) continue;
      const isReported = String(retained.retained(`devices/${name}/status`)?.payload) === 'online';
      const standing: Standing = { connections: 0, reported: isReported, away: published.status === 'away', published };
      this.#standings.set(name!, standing);
      if (published.status === 'offline') gone.push([name!, published.at]);
      else restored.set(name!, standing);
    }
    for (const [name] of gone.toSorted(([, one], [, other]) => one - other)) this.#gone.add(name);
    this.#forgetSome();
    const timer = setTimeout(() => restored.forEach((standing, name) => this.#review(name, standing)), this.#graceMs);
    scope.defer(() => clearTimeout(timer));
  }

  /** In `open` mode anybody may come under any number of names. */
  #forgetSome(): void {
    for (const name of this.#gone) {
      if (this.#gone.size <= REMEMBERED) return;
      this.#gone.delete(name);
      this.#standings.delete(name);
      this.#context.publishRetained(topics.presence.build({ name }), EMPTY);
    }
  }

  /** Whose leaving was seen since the start has a grace of their own. */
  #review(name: string, standing: Standing): void {
    if (standing.leaving === undefined) this.#publish(name, standing);
  }

  #connected(client: Actor): void {
    const name = nameOf(client);
    if (isGuest(name)) return;
    const status = this.#standings.get(name)?.published?.status ?? 'offline';
    const delayMs = Math.min(ARRIVAL_MS, this.#graceMs);
    // Who is shown as here is only coming back.
    if (status !== 'offline' || delayMs === 0) return this.#arrive(client);
    this.#newcomers.set(
      client,
      setTimeout(() => this.#stays(client), delayMs),
    );
  }

  #stays(client: Actor): void {
    clearTimeout(this.#newcomers.get(client));
    if (this.#newcomers.delete(client)) this.#arrive(client);
  }

  #arrive(client: Actor): void {
    this.#here.add(client);
    this.#count(nameOf(client), 1);
  }

  #disconnected(client: Actor): void {
    clearTimeout(this.#newcomers.get(client));
    this.#newcomers.delete(client);
    if (this.#here.delete(client)) this.#count(nameOf(client), -1);
  }

  #count(name: string, change: 1 | -1): void {
    const standing = this.#standing(name);
    standing.connections = Math.max(0, standing.connections + change);
    this.#settle(name, standing);
  }

  #settle(name: string, standing: Standing): void {
    clearTimeout(standing.leaving);
    const { connections, reported, published } = standing;
    const isHere = connections > 0 || reported;
    if (isHere || published === undefined || published.status === 'offline') this.#publish(name, standing);
    else standing.leaving = setTimeout(() => this.#publish(name, standing), this.#graceMs);
  }

  #publish(name: string, standing: Standing): void {
    const { connections, reported, published } = standing;
    const isHere = connections > 0 || reported;
    if (!isHere) standing.away = false;
    const status = !isHere ? 'offline' : standing.away ? 'away' : 'online';
    if (published?.status === status && published.connections === connections) return;
    standing.published = { status, at: Date.now(), connections };
    this.#context.publishRetained(topics.presence.build({ name }), topics.presence.codec.encode(standing.published));
    this.#gone.delete(name);
    if (isHere) return;
    this.#gone.add(name);
    this.#forgetSome();
  }

  #standing(name: string): Standing {
    const standing = this.#standings.get(name) ?? { connections: 0, reported: false, away: false };
    this.#standings.set(name, standing);
    return standing;
  }
}

function decode(payload: Uint8Array | undefined): Presence | undefined {
  try {
    return payload && topics.presence.codec.decode(payload);
  } catch {
    return undefined;
  }
}
