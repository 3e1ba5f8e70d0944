import { rest } from './http-session.ts';
import type { Listening } from './http-session.ts';
import type { SessionContext } from './session.ts';
import { readEvents } from './events.ts';

/** A hub answers a long poll within this time, with or without news; it takes 60 at most. */
const waitSeconds = 30;

/** After an answer without news: a hub that stops gives one at once. */
const emptyMs = 200;

/** Asks every so often. */
export function polling({ reader }: SessionContext, everyMs: number): Listening {
  return { next: () => reader.catchUp(), pauseMs: everyMs };
}

/** Asks, and is answered when there is news. */
export function longPolling({ api, reader }: SessionContext, everyMs: number): Listening {
  return {
    next: async (signal) => {
      const after = reader.position;
      const page = await api.page({ after, limit: 1000, wait: waitSeconds }, signal);
      // There is no such channel yet, and nothing to wait at.
      if (!page) return rest(everyMs, signal);
      if (page.entries.length === 0) await rest(emptyMs, signal);
      await (page.log === reader.log ? reader.pushAll(page.entries) : reader.catchUp());
    },
    pauseMs: 0,
  };
}

/** Opens one answer that never ends, and again from where it broke off. */
export function eventStream({ api, reader }: SessionContext, everyMs: number): Listening {
  return {
    next: async (signal) => {
      const after = reader.log === undefined ? undefined : `${reader.log}:${reader.position}`;
      const body = await api.events(after, signal);
      if (!body) {
        await rest(everyMs, signal);
        return reader.catchUp();
      }
      for await (const event of readEvents(body)) {
        if (event.entry) await reader.push(event.entry);
        else if (event.isOther) await reader.catchUp();
      }
      await rest(emptyMs, signal);
    },
    pauseMs: 0,
  };
}
