import { entrySchema, pageSchema, presenceSchema } from '../chat/entry.ts';
import type { Entry, Page, Presence } from '../chat/entry.ts';
import type { Draft } from '../chat/draft.ts';
import { checked } from '../codecs/schema.ts';
import * as z from 'zod/mini';
import { ClientError } from './errors.ts';
import type { Failure } from './errors.ts';
import { Alarm } from './platform.ts';
import type { Clock, Fetch } from './platform.ts';

/** Exclusive bounds of a page; neither: the newest entries. */
export interface PageQuery {
  readonly after?: number;
  readonly before?: number;
  /** @default 100, at most 1000 */
  readonly limit?: number;
}

export interface ApiContext {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface ApiOptions {
  readonly httpUrl: string;
  /** The value of `Authorization`, asked for at each request; undefined leaves it out. */
  readonly authorization: () => Promise<string | undefined>;
  /** Milliseconds that one request may take. */
  readonly requestTimeoutMs: number;
}

/** The hub answered, and not with what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, { code, message }: Failure) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const whoSchema = z.object({
  users: z.array(z.object({ ...presenceSchema.shape, user: z.string() })),
});

/** The calls of the HTTP API that the client makes. Each throws ApiError, `hub-unreachable` or the signal's reason. */
export class Api {
  readonly #context: ApiContext;
  readonly #options: ApiOptions;

  constructor(context: ApiContext, options: ApiOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** @param path of the conversation's messages */
  async page(path: string, query: PageQuery, signal: AbortSignal): Promise<Page> {
    const values = Object.entries(query).map(([key, value]) => `${key}=${value}`);
    return checked(pageSchema, await this.#call('GET', `${path}?${values.join('&')}`, signal), 'page');
  }

  /** Sends a draft: the entry, whether it is new or was known by its id. */
  async post(path: string, draft: Draft, signal: AbortSignal): Promise<Entry> {
    return checked(entrySchema, await this.#call('POST', path, signal, draft), 'entry');
  }

  async who(signal: AbortSignal): Promise<({ user: string } & Presence)[]> {
    return checked(whoSchema, await this.#call('GET', '/api/presence', signal), 'presence').users;
  }

  async setPresence(status: 'online' | 'away', signal: AbortSignal): Promise<void> {
    await this.#call('PUT', '/api/presence', signal, { status });
  }

  async #call(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
    signal.throwIfAborted();
    const aborter = new AbortController();
    const late = new Alarm(this.#context.clock);
    const stop = (): void => aborter.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    late.set(this.#options.requestTimeoutMs, () => aborter.abort(new ClientError('timeout')));
    try {
      return await this.#request(method, path, aborter.signal, body);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiError) throw error;
      throw new ClientError('hub-unreachable', undefined, { cause: error });
    } finally {
      late.clear();
      signal.removeEventListener('abort', stop);
    }
  }

  async #request(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
    const authorization = await this.#options.authorization();
    const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
    const response = await this.#context.fetch(`${this.#options.httpUrl}${path}`, {
      method,
      signal,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.status === 204 ? undefined : response.json();
    const answer = (await response.json().catch(() => undefined)) as { error?: Partial<Failure> } | undefined;
    const { code = 'internal', message = `The hub answered ${response.status}.` } = answer?.error ?? {};
    throw new ApiError(response.status, { code, message });
  }
}
