export interface ListenOptions {
  /** Stops listening when it aborts. */
  readonly signal?: AbortSignal;
}

type Listener<Event> = (event: Event) => void;

/** Typed events: `Events` maps each name to what its listeners get. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns stops listening; so does the signal */
  on<Name extends keyof Events>(
    name: Name,
    listener: Listener<Events[Name]>,
    { signal }: ListenOptions = {},
  ): () => void {
    if (signal?.aborted) return () => undefined;
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    const off = (): void => {
      listeners.delete(listener);
      signal?.removeEventListener('abort', off);
    };
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])] as Listener<Events[Name]>[]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's mistake is its owner's to see, and must not stop what the event is part of.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** The next event of a name. @throws the signal's reason */
export function nextOf<Events, Name extends keyof Events>(
  emitter: Emitter<Events>,
  name: Name,
  signal: AbortSignal,
): Promise<Events[Name]> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      off();
      reject(signal.reason);
    };
    const off = emitter.on(name, (event) => {
      off();
      signal.removeEventListener('abort', aborted);
      resolve(event);
    });
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}
