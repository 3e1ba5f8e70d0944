import type { EventEmitter } from 'node:events';
import type { Core } from './core.ts';

/**
 * Hooks, listeners and callbacks are the embedder's code. What it throws, in whatever turn of the event loop, is logged
 * and stops neither the hub nor what the hub was about to do.
 */
export function hookFailed({ log }: Core, hook: string, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  log('hook-failed', { hook, error: error.message, stack: error.stack });
}

/** Emits one of Aedes' events. */
export function emit(core: Core, event: string, first: unknown, second?: unknown): void {
  const { aedes } = core;
  try {
    (aedes as unknown as EventEmitter).emit(event, first, second);
  } catch (error) {
    hookFailed(core, event, error);
  }
}

/** Calls foreign code; `otherwise` is what it says when it throws. */
export function guarded<T>(core: Core, hook: string, call: () => T, otherwise: T): T {
  try {
    return call();
  } catch (error) {
    hookFailed(core, hook, error);
    return otherwise;
  }
}
