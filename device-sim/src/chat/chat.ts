import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import { channelApi } from './api.ts';
import type { Account } from './api.ts';
import { formatEntry } from './format.ts';
import { httpSession } from './http-session.ts';
import { eventStream, longPolling, polling } from './listening.ts';
import { Outbox } from './outbox.ts';
import { PresenceLines } from './presence.ts';
import { Reader } from './reader.ts';
import type { Session, SessionContext } from './session.ts';
import { streamSession } from './stream.ts';
import type { Terminal } from './terminal.ts';
import { visible, visibleJson } from './visible.ts';

/** Well inside the megabyte that a hub takes by default; a broker drops the connection of one that is larger. */
const longestLineBytes = 1_000_000;

/** How entries come: pushed over MQTT, or over HTTP in one of its ways. */
export const modes = ['stream', 'poll', 'long-poll', 'sse'] as const;
type Mode = (typeof modes)[number];

export interface ChatOptions extends Account {
  readonly channel: string;
  readonly mode: Mode;
  /** Between two polls. */
  readonly everyMs: number;
  /** Where MQTT and the HTTP API are. */
  readonly url: string;
  readonly http: string;
  /** Whether entries are printed as JSON, one a line. */
  readonly json: boolean;
  /** Newest entries shown on joining. */
  readonly history: number;
  /** How long the end of the input waits for a hub that does nothing. */
  readonly waitMs: number;
}

/**
 * A person or a script in a channel, until the input ends or `stopping` aborts.
 * @returns whether every line that was read is in the log
 */
export async function chat(options: ChatOptions, terminal: Terminal, stopping: AbortController): Promise<boolean> {
  const { signal } = stopping;
  const { context, reason } = contextOf(options, terminal, stopping);
  const session = sessionOf(options, context);
  if (terminal.interactive) terminal.note(`you are ${options.name} in ${options.channel}; Ctrl-D leaves`);

  const isWhole = await send(session, context, terminal);
  if (!signal.aborted) await settle(session, context, options.waitMs);
  await session.close();

  if (reason.text !== '') terminal.warn(reason.text);
  const missing = context.outbox.missing();
  for (const text of missing) terminal.warn(`not delivered: ${visible(text)}`);
  return isWhole && missing.length === 0 && reason.text === '';
}

function sessionOf(options: ChatOptions, context: SessionContext): Session {
  const { mode, everyMs } = options;
  if (mode === 'stream') return streamSession(options, context);
  const listening = { poll: polling, 'long-poll': longPolling, sse: eventStream }[mode](context, everyMs);
  return httpSession(listening, everyMs, context);
}

function contextOf(options: ChatOptions, terminal: Terminal, stopping: AbortController) {
  const reason = { text: '' };
  const note = (text: string): void => terminal.note(text);
  const api = channelApi(options.http, options.channel, options);
  const outbox = new Outbox();
  const reader = new Reader({
    history: options.history,
    page: (query) => api.page(query, stopping.signal),
    show: (entry) => {
      terminal.say(options.json ? visibleJson(entry) : formatEntry(entry, terminal.paint));
      outbox.seen(entry.id);
    },
    note,
  });
  const context: SessionContext = {
    api,
    reader,
    outbox,
    terminal,
    presence: new PresenceLines(options.name, note),
    signal: stopping.signal,
    fail: (text) => {
      reason.text = text;
      stopping.abort();
    },
  };
  return { context, reason };
}

/** Sends the input, line by line. Resolves with false when a line could not even be tried. */
async function send(session: Session, { outbox, signal }: SessionContext, terminal: Terminal): Promise<boolean> {
  let isWhole = true;
  for await (const text of terminal.lines) {
    if (text.trim() === '') continue;
    const bytes = Buffer.byteLength(text);
    if (bytes > longestLineBytes) {
      terminal.warn(`not sent: a line of ${bytes} bytes; the longest is ${longestLineBytes}`);
      isWhole = false;
      continue;
    }
    await outbox.room(signal).catch(() => {});
    if (signal.aborted) break;
    const draft = { id: ulid(), text };
    outbox.add(draft);
    session.send(draft);
  }
  return isWhole;
}

/** Waits until what was sent is in the log, or it is certain or likely that it never will be. */
async function settle(session: Session, context: SessionContext, waitMs: number): Promise<void> {
  const { outbox, reader, signal } = context;
  // Not a reason for the process to live on when it is not needed any more.
  const tooLate = pause(waitMs, false, { signal, ref: false });
  try {
    const isJoined = await Promise.race([session.joined.then(() => true), tooLate]);
    if (!isJoined) return context.fail('the hub could not be reached');
    await outbox.allAcknowledged(signal, waitMs);
    // The hub acknowledges what it has logged: a page fetched from now on has every draft that was not refused.
    await reader.catchUp().catch(() => outbox.allSeen(signal, waitMs));
  } catch {
    // Out of patience: the outbox says what is missing.
  }
}
