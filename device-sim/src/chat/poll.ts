import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from './api.ts';
import type { OutgoingDraft } from './api.ts';
import { reasonOf } from './reason.ts';
import { signalled } from './session.ts';
import type { Session, SessionContext } from './session.ts';
import { visible } from './visible.ts';

/** Full jitter up to this long before a draft is posted again. */
const retryMs = 2000;

/** Asks over HTTP every so often, and posts what is to be sent. */
export function pollSession(everyMs: number, context: SessionContext): Session {
  const { api, reader, outbox, terminal } = context;
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, context.signal]);
  const joined = signalled();
  let isAway = false;
  let posts = joined.heard;
  signal.addEventListener('abort', () => joined.tell(), { once: true });

  const away = (error: unknown): void => {
    if (!isAway && !signal.aborted) terminal.warn(`the hub is away (${reasonOf(error)}); trying again`);
    isAway = true;
  };
  const back = (): void => {
    if (isAway) terminal.note('connected again');
    isAway = false;
  };

  const post = async (draft: OutgoingDraft): Promise<void> => {
    while (!signal.aborted) {
      try {
        await api.post(draft, signal);
        outbox.acknowledged(draft.id);
        return;
      } catch (error) {
        if (error instanceof ApiError && error.final) {
          terminal.warn(`refused: ${visible(error.message)}`);
          outbox.refused(draft.id);
          return;
        }
        away(error);
        await pause(Math.random() * retryMs, undefined, { signal }).catch(() => {});
      }
    }
  };

  const ask = async (isFirst: boolean): Promise<void> => {
    await reader.catchUp();
    back();
    for (const [name, status] of await api.presence(signal)) context.presence.heard(name, status, isFirst);
  };

  const polling = (async (): Promise<void> => {
    let isFirst = true;
    while (!signal.aborted) {
      try {
        await ask(isFirst);
        isFirst = false;
        joined.tell();
      } catch (error) {
        if (error instanceof ApiError && error.final) context.fail(`the hub refused: ${visible(error.message)}`);
        away(error);
      }
      await pause(everyMs, undefined, { signal }).catch(() => {});
    }
  })();

  return {
    joined: joined.heard,
    // One after the other: that is the order they were typed in.
    send: (draft) => {
      posts = posts.then(() => post(draft));
    },
    close: async () => {
      closing.abort();
      await Promise.all([polling, posts]);
    },
  };
}
