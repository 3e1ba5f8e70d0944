import { pageSchema } from '@parley/shared';
import type { Page } from '@parley/shared';

const timeoutMs = 10_000;

export interface Account {
  readonly name: string;
  readonly password?: string;
}

/** A line on its way: the id makes sending it again harmless. */
export interface OutgoingDraft {
  readonly id: string;
  readonly text: string;
}

export interface PageQuery {
  readonly after?: number;
  readonly limit: number;
  readonly wait?: number;
}

/** The part of the hub's HTTP API that a terminal client reads and writes. */
export interface ChannelApi {
  /**
   * Entries after a position, or without one the newest; undefined when there is no such channel yet.
   * @param query `wait`: seconds that the hub may wait for entries
   */
  page(query: PageQuery, signal?: AbortSignal): Promise<Page | undefined>;
  /** Server-Sent Events after a position `<log>:<seq>`, or from now on; undefined when there is no such channel yet. */
  events(after: string | undefined, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
  post(draft: OutgoingDraft, signal?: AbortSignal): Promise<void>;
  /** Who is here, by name. */
  presence(signal?: AbortSignal): Promise<Map<string, string>>;
}

/** The hub answered, and said no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Whether the same request would be refused again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

export function channelApi(http: string, channel: string, { name, password = '' }: Account): ChannelApi {
  const credentials = Buffer.from(`${name}:${password}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}`, 'content-type': 'application/json' };
  const messages = `/api/channels/${channel}/messages`;

  const call = async (path: string, signal?: AbortSignal, draft?: OutgoingDraft, waitMs = 0): Promise<unknown> => {
    const timeout = AbortSignal.timeout(timeoutMs + waitMs);
    const response = await fetch(new URL(path, http), {
      headers,
      ...(draft && { method: 'POST', body: JSON.stringify(draft) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return body;
    throw refusal(response.status, body);
  };

  return {
    page: ({ after, limit, wait = 0 }, signal) => {
      const position = after === undefined ? '' : `&after=${after}${wait > 0 ? `&wait=${wait}` : ''}`;
      return ifThere(async () =>
        pageSchema.parse(await call(`${messages}?limit=${limit}${position}`, signal, undefined, wait * 1000)),
      );
    },
    events: (after, signal) =>
      ifThere(async () => {
        const own = { authorization: headers.authorization, ...(after !== undefined && { 'last-event-id': after }) };
        const response = await fetch(new URL(`/api/channels/${channel}/events`, http), { headers: own, signal });
        if (response.ok && response.body) return response.body;
        throw refusal(response.status, await response.json().catch(() => undefined));
      }),
    post: async (draft, signal) => {
      await call(messages, signal, draft);
    },
    presence: async (signal) => namesOf(await call('/api/presence', signal)),
  };
}

/** The first draft makes the channel. */
async function ifThere<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function refusal(status: number, body: unknown): ApiError {
  return new ApiError(status, messageOf(body) ?? `the hub answered ${status}`);
}

function messageOf(body: unknown): string | undefined {
  const error = fieldOf(body, 'error');
  const message = fieldOf(error, 'message');
  return typeof message === 'string' ? message : undefined;
}

function namesOf(body: unknown): Map<string, string> {
  const users = fieldOf(body, 'users');
  if (!Array.isArray(users)) return new Map();
  return new Map(users.map((one: unknown) => [String(fieldOf(one, 'user')), String(fieldOf(one, 'status'))]));
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
