import { setTimeout as pause } from 'node:timers/promises';

/** The first truthy answer of `ask`, asked again until `ms` have passed. */
export async function until<T>(ask: () => T | Promise<T>, what: string, ms = 15_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${ms} ms`);
    await pause(10);
  }
}
