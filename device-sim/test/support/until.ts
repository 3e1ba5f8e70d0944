import { setTimeout as pause } from 'node:timers/promises';

/** The first answer of `ask` that is neither undefined nor false; fails when none has come within `ms`. */
export async function until<T>(what: string, ask: () => T | undefined | false, ms = 30_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(10);
  }
}
