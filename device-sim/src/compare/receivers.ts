import { setTimeout as pause } from 'node:timers/promises';
import { MqttClient } from 'mqtt';
import { pageSchema, ParleyError, topics } from '@parley/shared';
import type { Entry, Page } from '@parley/shared';
import { readEvents } from '../chat/events.ts';
import { answerOf, textOf, Traffic } from './traffic.ts';
import type { HttpClient, TlsTrust } from './traffic.ts';

export interface ReceiverContext extends TlsTrust {
  readonly url: string;
  readonly http: string;
  readonly name: string;
  readonly password?: string;
  readonly channel: string;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** An entry has come, perhaps again. */
  readonly heard: (entry: Entry) => void;
}

export interface Receiver {
  readonly traffic: Traffic;
  /** Resolves when it would hear the next entry. */
  readonly ready: Promise<void>;
  /** Resolves when it is closed, after the signal. Rejects when it failed. */
  readonly done: Promise<void>;
}

/** Seconds that a long poll may be kept waiting. */
const waitSeconds = 30;

/** The four ways to receive, each with connections of its own. */
export const receivers = {
  push: (context) => pushed(context),
  poll: (context) =>
    overHttp(context, async (http, after, position) => {
      const page = await pageOf(http, context, `?limit=1000&after=${after}`);
      position(page);
      await pause(context.pollMs, undefined, { signal: context.signal });
    }),
  'long poll': (context) =>
    overHttp(context, async (http, after, position) =>
      position(await pageOf(http, context, `?limit=1000&after=${after}&wait=${waitSeconds}`)),
    ),
  SSE: (context) => streamed(context),
} as const satisfies Record<string, (context: ReceiverContext) => Receiver>;

/** MQTT: one connection and one subscription; every message is a packet that comes by itself. */
function pushed({ url, name, password, channel, signal, heard, ...trust }: ReceiverContext): Receiver {
  const traffic = new Traffic(trust);
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === 'mqtts:';
  const place = { hostname, port: Number(port) || (isTls ? 8883 : 1883), isTls };
  const client = new MqttClient(() => traffic.open(place), {
    protocolVersion: 5,
    username: name,
    ...(password !== undefined && { password }),
    reconnectPeriod: 0,
  });
  // CONNECT is written before anybody can listen.
  traffic.requests = 1;
  client.on('packetsend', ({ cmd }) => {
    if (cmd === 'subscribe' || cmd === 'pingreq') traffic.requests++;
  });
  client.on('message', (_topic, payload) => heard(topics.chat.codec.decode(payload)));
  const failed = new Promise<never>((_resolve, reject) => {
    const fail = (why: string): void => {
      if (!signal.aborted) reject(new ParleyError('connect-failed', `${url}: ${why}`));
    };
    client.on('error', (error) => fail(error.message));
    client.on('close', () => fail('the connection was closed'));
  });
  failed.catch(() => undefined);
  const ready = (async () => {
    await new Promise((resolve) => client.once('connect', resolve));
    await client.subscribeAsync(topics.chat.build({ channel }), { qos: 0 });
  })();
  const ended = aborted(signal).then(() => client.endAsync());
  return { traffic, ready: Promise.race([ready, failed]), done: Promise.race([ended, failed]).then(() => undefined) };
}

type Ask = (http: HttpClient, after: number, position: (page: Page) => void) => Promise<void>;

/** Asks again and again from where it is. */
function overHttp(context: ReceiverContext, ask: Ask): Receiver {
  const traffic = new Traffic(context);
  const http = traffic.http(context.http);
  let after = 0;
  const start = pageOf(http, context, '?limit=1').then(({ lastSeq }) => (after = lastSeq));
  const done = untilAborted(context.signal, async () => {
    await start;
    for (;;) {
      await ask(http, after, ({ entries, lastSeq }) => {
        for (const entry of entries) context.heard(entry);
        after = entries.at(-1)?.seq ?? Math.max(after, lastSeq);
      });
    }
  }).finally(() => http.close());
  return { traffic, ready: start.then(() => undefined), done };
}

/** One answer that goes on. */
function streamed(context: ReceiverContext): Receiver {
  const traffic = new Traffic(context);
  const http = traffic.http(context.http);
  const { channel, signal, heard } = context;
  const opened = answerOf(http.request(`/api/channels/${channel}/events`, { headers: headersOf(context), signal }));
  const ready = (async (): Promise<void> => {
    const answer = await opened;
    if (answer.statusCode !== 200) throw refused(answer.statusCode, await textOf(answer));
  })();
  const done = untilAborted(signal, async () => {
    await ready;
    for await (const { entry } of readEvents(await opened)) if (entry) heard(entry);
    throw new ParleyError('connect-failed', 'the stream of events ended');
  }).finally(() => http.close());
  return { traffic, ready, done };
}

async function pageOf(http: HttpClient, context: ReceiverContext, query: string): Promise<Page> {
  const { channel, signal } = context;
  const path = `/api/channels/${channel}/messages${query}`;
  const answer = await answerOf(http.request(path, { headers: headersOf(context), signal }));
  const text = await textOf(answer);
  if (answer.statusCode !== 200) throw refused(answer.statusCode, text);
  return pageSchema.parse(JSON.parse(text));
}

export function refused(status: number | undefined, text: string): ParleyError {
  return new ParleyError('connect-failed', `the hub answered ${status}: ${text.slice(0, 200)}`);
}

export function headersOf({ name, password = '' }: Pick<ReceiverContext, 'name' | 'password'>): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

/** What was aborted has not failed. */
async function untilAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
