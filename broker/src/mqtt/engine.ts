import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Aedes } from 'aedes';
import type { WebSocket } from 'ws';
import { steadyNow } from '../clock.ts';
import { Router } from '../routing/router.ts';
import { MemoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import { Backlog } from './backlog.ts';
import { Connection } from './connection.ts';
import { Chores, type Core } from './core.ts';
import { createCounters, type EngineCounters } from './counters.ts';
import { guarded } from './guard.ts';
import type { EngineHooks } from './hooks.ts';
import { Inbound } from './inbound.ts';
import { Listeners } from './listeners.ts';
import { limited } from './log-limit.ts';
import { packetSource, type Publishable } from './message.ts';
import { unheard } from './notes.ts';
import { defaultEngineOptions, type EngineOptions } from './options.ts';
import { Flusher } from './outbound.ts';
import { Publications } from './publications.ts';
import { Reason } from './reason.ts';
import { RetainedBook } from './retained-book.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { type Tap, Taps } from './taps.ts';
import { TimerWheel } from './timer-wheel.ts';
import { StreamTransport } from './transport/tcp.ts';
import type { Transport } from './transport/transport.ts';
import { WebSocketTransport } from './transport/websocket.ts';
import { Unsent } from './unsent.ts';
import { Wills } from './wills.ts';

/** How long connections may take to send their last bytes when the hub stops. */
const LINGER_MS = 1000;

/** Connections past the limit that may wait for their refusal; more are closed without a word. */
const SURPLUS = 100;

type Done = (error?: Error | null) => void;

/** Parley's engine on one Aedes instance. */
export interface Engine {
  readonly counters: EngineCounters;
  readonly store: Store;
  readonly options: EngineOptions;
  /** Changes limits from now on. A connection keeps its own rate and window until its next CONNECT. */
  limit(changes: Partial<EngineOptions>): void;
  /** Sessions by client id, connected or not. */
  readonly sessions: Iterable<Session> & Pick<Sessions, 'get' | 'end'>;
  /** Gives every message of a filter to a function of the hub, until the returned function is called. */
  tap(filter: string, tap: Tap): () => void;
  /** Takes a connection: a socket, any Duplex, or a WebSocket of `ws`. `aedes.handle` is the same. */
  handle(socket: Duplex | WebSocket, req?: IncomingMessage): Connection;
  /** Stops the clocks, commits what waits and closes the store. Close Aedes first: it ends the connections. */
  close(): Promise<void>;
}

export interface EngineSetup {
  readonly options?: Partial<EngineOptions>;
  readonly hooks?: EngineHooks;
  /** @default a MemoryStore */
  readonly store?: Store;
}

/**
 * Replaces what of Aedes meets the wire: `aedes.handle` and `aedes.publish`. Aedes keeps its hooks, events, listeners and
 * client registry. Install it right after `Aedes.createBroker()` and before anything listens.
 */
export async function installEngine(aedes: Aedes, setup: EngineSetup = {}): Promise<Engine> {
  const core = createCore(aedes, setup);
  await restore(core);
  core.wheel.start();
  const handle = (socket: Duplex | WebSocket, req?: IncomingMessage): Connection =>
    accept(core, toTransport(socket, req), req);
  const internals = aedes as unknown as Record<'handle' | 'publish', unknown>;
  internals.handle = handle;
  internals.publish = publisher(core);
  return {
    counters: core.counters,
    store: core.store,
    options: core.options,
    limit: (changes) => void Object.assign(core.options, changes),
    sessions: core.sessions,
    tap: (filter, tap) => core.taps.add(filter, tap),
    handle,
    close: () => close(core),
  };
}

function createCore(aedes: Aedes, { options, hooks = {}, store = new MemoryStore() }: EngineSetup): Core {
  const log = limited(hooks.log);
  const failed = (error: Error): void => log('store-failed', { error: error.message });
  const custom = (aedes as unknown as { opts: { mq?: unknown } }).opts.mq !== undefined;
  const basics = {
    log,
    store,
    // One object for all parts, so that a limit that changes does for all.
    options: { ...defaultEngineOptions, ...options },
    counters: createCounters(),
    wheel: new TimerWheel((error) => log('deadline-failed', { error: error.message, stack: error.stack })),
  };
  const parts = {
    ...basics,
    aedes,
    source: packetSource(aedes),
    hooks,
    backlog: new Backlog(basics.counters, basics.options),
    inbound: new Inbound(basics.counters, basics.options),
    unsent: new Unsent(basics.counters, basics.options),
    retained: new RetainedBook(basics),
    listeners: new Listeners(aedes, custom),
    taps: new Taps(),
    router: new Router<Session>(),
    flusher: new Flusher(),
    chores: new Chores(store, failed),
    connections: new Set<Connection>(),
  };
  const core = parts as typeof parts & { -readonly [Part in 'sessions' | 'wills' | 'publications']: Core[Part] };
  core.sessions = new Sessions(core);
  core.wills = new Wills(core);
  core.publications = new Publications(core);
  return core;
}

/** Sessions come back first: a will's delay is bounded by its session's expiry. */
async function restore({ store, sessions, wills, retained }: Core): Promise<void> {
  const restored = await store.load();
  retained.load();
  const now = steadyNow();
  for (const session of restored.sessions) sessions.restore(session, now);
  for (const will of restored.wills) wills.restore(will, now);
}

function toTransport(socket: Duplex | WebSocket, req: IncomingMessage | undefined): Transport {
  if ('bufferedAmount' in socket) return new WebSocketTransport(socket, req?.socket, req?.socket.remoteAddress);
  return new StreamTransport(socket);
}

function accept(core: Core, transport: Transport, req: IncomingMessage | undefined): Connection {
  const { counters, options } = core;
  const surplus = counters.connections - options.maxConnections;
  counters.connections++;
  counters.connectionsTotal++;
  const connection = new Connection(core, transport, req, surplus >= 0);
  // Aedes leaves the client on its socket, and embedders look for it there.
  (transport.socket as { client?: Connection }).client = connection;
  connection.open();
  if (surplus >= SURPLUS || core.aedes.closed) connection.turnAway(new Error('too many connections'));
  return connection;
}

/** `aedes.publish(packet, client?, done?)`. */
function publisher(core: Core) {
  const isUnheard = unheard(core);
  return (packet: Publishable, client?: Connection | Done | null, done?: Done): void => {
    const given = typeof client === 'function' ? null : (client ?? null);
    const settled = typeof client === 'function' ? client : done;
    if (isUnheard(packet)) return settled && guarded(core, 'publish callback', () => settled(null), undefined);
    core.publications.fromHub(packet, given, (error) => {
      if (settled) guarded(core, 'publish callback', () => settled(error), undefined);
    });
  };
}

async function close({ connections, wheel, chores, flusher, store }: Core): Promise<void> {
  // Aedes closed the clients it knows; these have not come as far as CONNECT.
  for (const connection of connections) connection.disconnect(Reason.serverShuttingDown);
  flusher.flush();
  for (const end = steadyNow() + LINGER_MS; connections.size > 0 && steadyNow() < end;) await pause(10);
  for (const connection of connections) connection.destroy();
  wheel.stop();
  chores.settle();
  await store.close();
}
