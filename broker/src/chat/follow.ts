import type { ChatLog, Follower } from './log.ts';

/** Resolves at the next committed entry of the log, after `ms`, when the signal aborts or when the log ends. */
export function nextEntry(log: ChatLog, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      log.followers.delete(follower);
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const follower: Follower = { wake: done, end: done };
    const timer = setTimeout(done, ms);
    log.followers.add(follower);
    signal.addEventListener('abort', done, { once: true });
  });
}
