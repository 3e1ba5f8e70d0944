import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from '@parley/shared';
import { ulid } from 'ulid';
import { answerOf, textOf, Traffic } from './traffic.ts';
import { headersOf, receivers, refused } from './receivers.ts';
import type { Receiver, ReceiverContext } from './receivers.ts';

export interface CompareOptions extends Omit<ReceiverContext, 'heard' | 'channel' | 'signal'> {
  /** Entries that the bot posts, and the time between two. */
  readonly messages: number;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** What one way of receiving gave, and what it cost. */
export interface Row {
  readonly way: string;
  readonly received: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** How long the last entry may take beyond a poll. */
const PATIENCE_MS = 5000;

/**
 * One bot posts into a channel of its own, and each way of receiving hears it. The channel is deleted at the end, where
 * that is allowed.
 * @throws ParleyError `connect-failed`
 */
export async function compare(options: CompareOptions): Promise<Row[]> {
  const { pollMs } = options;
  const channel = `compare-${ulid().slice(-8).toLowerCase()}`;
  const sentAt = new Map<string, number>(); // by entry id, as performance.now() gave it
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, options.signal]);
  const bot = botOf(options, channel);
  await bot.create();
  try {
    const listening = Object.entries(receivers).map(([way, listen]) => {
      const latencies = new Map<string, number>(); // by entry id
      const heard = ({ id }: Entry): void => {
        const sent = sentAt.get(id);
        if (sent !== undefined && !latencies.has(id)) latencies.set(id, performance.now() - sent);
      };
      return { way, latencies, receiver: listen({ ...options, channel, signal, heard }) };
    });
    const all = listening.map(({ receiver }) => receiver);
    // Whoever fails while nobody looks is looked at below.
    for (const { ready, done } of all) for (const one of [ready, done]) one.catch(() => undefined);
    await orFailed(all, Promise.all(all.map(({ ready }) => ready)));
    await orFailed(all, post(bot, options, sentAt));
    const isHeard = (): boolean => listening.every(({ latencies }) => latencies.size === sentAt.size);
    const end = performance.now() + pollMs + PATIENCE_MS;
    while (!isHeard() && performance.now() < end && !signal.aborted) await pause(20);
    const rows = listening.map(({ way, latencies, receiver }) => rowOf(way, [...latencies.values()], receiver));
    stopping.abort();
    await Promise.all(all.map(({ done }) => done));
    return rows;
  } finally {
    stopping.abort();
    await bot.close();
  }
}

/** The first way that fails ends the comparison. */
async function orFailed<Value>(all: readonly Receiver[], work: Promise<Value>): Promise<Value> {
  const failed = all.map(({ done }) => done.then(() => new Promise<never>(() => undefined)));
  return Promise.race([work, ...failed]);
}

async function post(bot: Bot, { messages, intervalMs, signal }: CompareOptions, sentAt: Map<string, number>) {
  for (let index = 0; index < messages && !signal.aborted; index++) {
    const id = ulid();
    sentAt.set(id, performance.now());
    await bot.post(JSON.stringify({ id, text: `message ${index + 1} of ${messages}` }));
    await pause(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Bot {
  create(): Promise<void>;
  post(body: string): Promise<void>;
  close(): Promise<void>;
}

function botOf(options: CompareOptions, channel: string): Bot {
  const http = new Traffic(options).http(options.http);
  const headers = { ...headersOf(options), 'content-type': 'application/json' };
  const call = async (method: string, path: string, body?: string): Promise<void> => {
    const own = body === undefined ? headersOf(options) : { ...headers, 'content-length': Buffer.byteLength(body) };
    const answer = await answerOf(http.request(path, { method, headers: own }, body));
    const text = await textOf(answer);
    if ((answer.statusCode ?? 500) >= 300) throw refused(answer.statusCode, text);
  };
  return {
    create: () => call('POST', '/api/channels', JSON.stringify({ name: channel, topic: 'parley-sim compare' })),
    post: (body) => call('POST', `/api/channels/${channel}/messages`, body),
    close: async () => {
      await call('DELETE', `/api/channels/${channel}`).catch(() => undefined);
      http.close();
    },
  };
}

function rowOf(way: string, latencies: number[], { traffic }: Receiver): Row {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  const { requests, bytesIn, bytesOut } = traffic;
  return {
    way,
    received: sorted.length,
    latencyMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    requests,
    bytesIn,
    bytesOut,
  };
}
