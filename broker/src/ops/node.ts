import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EngineCounters } from '../mqtt/counters.ts';
import type { Scope } from '../scope.ts';
import { version } from '../version.ts';

/** One node as `GET /api/nodes` gives it. */
export interface NodeReport {
  readonly node: string;
  readonly version: string;
  /** `stopping` from the request to stop on. */
  readonly health: 'ok' | 'busy' | 'stopping';
  /** ms since the Unix epoch. */
  readonly startedAt: number;
  readonly load: {
    /** Share of one core since the last look, at least a second ago. */
    readonly cpu: number;
    /** Time by which timers were late in that while, 99th percentile, in ms. */
    readonly delayMs: number;
    readonly memoryBytes: number;
    readonly connections: number;
    readonly sessions: number;
    readonly eventReaders: number;
    readonly queuedMessages: number;
  };
}

export interface NodeSources {
  readonly engine: EngineCounters;
  readonly events: { readonly open: number };
}

/** Past this delay clients notice. */
const BUSY_MS = 200;
const LOOK_MS = 1000;
/** The histogram's clock; a delay is what a tick took beyond it. */
const TICK_MS = 20;

/** What this node is doing. */
export class NodeLoad {
  readonly #node: string;
  readonly #sources: NodeSources;
  readonly #startedAt = Date.now();
  readonly #stopping: AbortSignal;
  readonly #delays = monitorEventLoopDelay({ resolution: TICK_MS });
  #looked = { at: performance.now(), cpu: process.cpuUsage() };
  #measured = { cpu: 0, delayMs: 0 };

  constructor(node: string, sources: NodeSources, scope: Scope) {
    this.#node = node;
    this.#sources = sources;
    this.#stopping = scope.signal;
    this.#delays.enable();
    scope.defer(() => void this.#delays.disable());
  }

  report(): NodeReport {
    const { engine, events } = this.#sources;
    const { cpu, delayMs } = this.#look();
    return {
      node: this.#node,
      version,
      health: this.#stopping.aborted ? 'stopping' : delayMs > BUSY_MS ? 'busy' : 'ok',
      startedAt: this.#startedAt,
      load: {
        cpu,
        delayMs,
        memoryBytes: process.memoryUsage.rss(),
        connections: engine.connections,
        sessions: engine.sessions,
        eventReaders: events.open,
        queuedMessages: engine.queuedMessages,
      },
    };
  }

  #look(): { cpu: number; delayMs: number } {
    const now = performance.now();
    const elapsedMs = now - this.#looked.at;
    if (elapsedMs < LOOK_MS) return this.#measured;
    const { user, system } = process.cpuUsage(this.#looked.cpu);
    const late = Math.max(0, this.#delays.percentile(99) / 1e6 - TICK_MS);
    this.#delays.reset();
    this.#looked = { at: now, cpu: process.cpuUsage() };
    this.#measured = { cpu: round((user + system) / 1000 / elapsedMs), delayMs: round(late) };
    return this.#measured;
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
