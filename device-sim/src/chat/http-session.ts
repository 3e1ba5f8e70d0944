import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from './api.ts';
import type { OutgoingDraft } from './api.ts';
import { reasonOf } from './reason.ts';
import { signalled } from './session.ts';
import type { Session, SessionContext } from './session.ts';
import { visible } from './visible.ts';

/** Full jitter up to this long before a draft is posted again. */
const retryMs = 2000;

/** How entries come over HTTP. */
export interface Listening {
  /**
   * Gets what there is, and perhaps waits for more; called again and again after the history is shown. Rejects when
   * the hub is away.
   */
  next(signal: AbortSignal): Promise<void>;
  /** Between two calls. */
  readonly pauseMs: number;
}

/** Reads over HTTP in one of its ways, asks who is here every so often, and posts what is to be sent. */
export function httpSession(listening: Listening, everyMs: number, context: SessionContext): Session {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, context.signal]);
  const contact = contactOf(context, signal);
  const joined = signalled();
  signal.addEventListener('abort', () => joined.tell(), { once: true });
  let posts = joined.heard;

  const reading = read(listening, context, contact, () => joined.tell(), signal);
  const watching = watch(everyMs, context, signal);

  return {
    joined: joined.heard,
    // One after the other: that is the order they were typed in.
    send: (draft) => {
      posts = posts.then(() => post(draft, context, contact, signal));
    },
    close: async () => {
      closing.abort();
      await Promise.all([reading, watching, posts]);
    },
  };
}

interface Contact {
  away(error: unknown): void;
  back(): void;
}

/** Says once that the hub is away, and once that it is back. */
function contactOf({ terminal }: SessionContext, signal: AbortSignal): Contact {
  let isAway = false;
  return {
    away: (error) => {
      if (!isAway && !signal.aborted) terminal.warn(`the hub is away (${visible(reasonOf(error))}); trying again`);
      isAway = true;
    },
    back: () => {
      if (isAway) terminal.note('connected again');
      isAway = false;
    },
  };
}

/** Until the end; after a failure it begins with what was missed. */
async function read(
  listening: Listening,
  context: SessionContext,
  contact: Contact,
  joined: () => void,
  signal: AbortSignal,
): Promise<void> {
  let isBehind = true;
  while (!signal.aborted) {
    try {
      if (isBehind) await context.reader.catchUp();
      isBehind = false;
      contact.back();
      joined();
      await rest(listening.pauseMs, signal);
      if (!signal.aborted) await listening.next(signal);
    } catch (error) {
      isBehind = true;
      if (error instanceof ApiError && error.final) context.fail(`the hub refused: ${visible(error.message)}`);
      contact.away(error);
      await rest(Math.random() * retryMs, signal);
    }
  }
}

/** Who is here; the entries tell when the hub is away. */
async function watch(everyMs: number, { api, presence }: SessionContext, signal: AbortSignal): Promise<void> {
  let isFirst = true;
  while (!signal.aborted) {
    const all = await api.presence(signal).catch(() => undefined);
    for (const [name, status] of all ?? []) presence.heard(name, status, isFirst);
    if (all) isFirst = false;
    await rest(everyMs, signal);
  }
}

async function post(
  draft: OutgoingDraft,
  { api, outbox, terminal }: SessionContext,
  contact: Contact,
  signal: AbortSignal,
): Promise<void> {
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
      contact.away(error);
      await rest(Math.random() * retryMs, signal);
    }
  }
}

/** Resolves after a time, or when the signal aborts. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
