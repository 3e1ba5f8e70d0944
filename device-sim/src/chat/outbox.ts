import { EventEmitter, once } from 'node:events';
import type { OutgoingDraft } from './api.ts';

/** This many drafts may be on their way before more input is read. */
const mostUnacknowledged = 100;

const longestWaitMs = 2 ** 31 - 1;

/** What has been sent and not yet seen in the log. */
export class Outbox {
  /** Text by draft id. */
  readonly #unacknowledged = new Map<string, string>();
  readonly #unseen = new Map<string, string>();
  readonly #refused: string[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);

  add({ id, text }: OutgoingDraft): void {
    this.#unacknowledged.set(id, text);
    this.#unseen.set(id, text);
  }

  acknowledged(id: string): void {
    this.#unacknowledged.delete(id);
    this.#changes.emit('change');
  }

  seen(id: string): void {
    if (this.#unseen.delete(id)) this.#changes.emit('change');
  }

  refused(id: string): void {
    this.#refused.push(this.#unseen.get(id) ?? '');
    this.#unseen.delete(id);
    this.acknowledged(id);
  }

  /** The texts that are not in the log, as far as anyone knows. */
  missing(): string[] {
    return [...this.#refused, ...this.#unseen.values()];
  }

  /** Resolves when another draft may be added. */
  room(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#unacknowledged.size < mostUnacknowledged, signal);
  }

  /** Resolves when all are acknowledged; rejects when nothing changes for `patienceMs`. */
  allAcknowledged(signal: AbortSignal, patienceMs: number): Promise<void> {
    return this.#until(() => this.#unacknowledged.size === 0, signal, patienceMs);
  }

  /** Resolves when all are in the log, too. */
  allSeen(signal: AbortSignal, patienceMs: number): Promise<void> {
    return this.#until(() => this.#unseen.size === 0, signal, patienceMs);
  }

  async #until(isSo: () => boolean, signal: AbortSignal, patienceMs?: number): Promise<void> {
    while (!isSo()) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), patienceMs ?? longestWaitMs);
      try {
        await once(this.#changes, 'change', { signal: AbortSignal.any([signal, patience.signal]) });
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
