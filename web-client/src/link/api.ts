import { channelSchema, checked, entrySchema, pageSchema } from '@parley/shared';
import type { Channel, Page } from '@parley/shared';
import * as z from 'zod/mini';
import { authorizationOf } from './authorization.ts';

/** What the hub says of itself at `GET /api/hub`. */
const factsSchema = z.object({
  mqttPort: z.optional(z.number()),
  auth: z._default(z.string(), 'open'),
  version: z._default(z.string(), ''),
  /** The longest publish that is taken, in bytes of its MQTT packet. */
  maxPacketBytes: z.optional(z.number()),
  /** The longest draft, in characters of its JSON. */
  maxDraftCharacters: z.optional(z.number()),
  /** The largest attachment, in bytes. */
  maxFileBytes: z.optional(z.number()),
});
export type HubFacts = z.infer<typeof factsSchema>;

const foundSchema = z.object({ ...entrySchema.shape, topic: z.string() });
/** A hit of the search: an entry with the topic it was sent to. */
export type Found = z.infer<typeof foundSchema>;

const directSchema = z.object({ user: z.string(), log: z.string(), lastSeq: z.number() });
/** Somebody we have direct messages with, and how far those go. */
export type Direct = z.infer<typeof directSchema>;

/** Exclusive bounds of a page; neither: the newest entries. */
export interface PageQuery {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
  /** Whether later edits and reactions of what is on the page come with it. */
  readonly changes?: boolean;
}

export interface SearchQuery {
  readonly q: string;
  readonly channel?: string;
  readonly from?: string;
  readonly limit?: number;
}

export interface ChannelFields {
  readonly topic?: string;
  readonly private?: boolean;
}

/** The hub answered, and not with what was asked for. */
class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** The calls of the HTTP API that the page makes. Each throws ApiError, or TypeError when the hub cannot be reached. */
export class Api {
  readonly #call: Call;

  /** @param user whose name the calls carry; without one they are a guest's */
  constructor(user?: string, request: typeof fetch = (...given) => fetch(...given), base = '') {
    this.#call = async (method, path, body) => {
      const headers = { accept: 'application/json', ...(user !== undefined && authorizationOf(user)) };
      const sent =
        body === undefined
          ? { method, headers }
          : { method, headers: { ...headers, ...jsonType }, body: JSON.stringify(body) };
      return answerOf(await request(`${base}${path}`, sent));
    };
  }

  async hub(): Promise<HubFacts> {
    return checked(factsSchema, await this.#call('GET', '/api/hub'), 'hub');
  }

  /** @param place `general`, or `dm/ben` */
  async messages(place: string, query: PageQuery): Promise<Page> {
    const path = place.startsWith('dm/') ? `/api/${place}` : `/api/channels/${place}`;
    return checked(pageSchema, await this.#call('GET', `${path}/messages?${queryOf(query)}`), 'page');
  }

  /** Newest first. */
  async search(query: SearchQuery): Promise<Found[]> {
    const schema = z.object({ entries: z.array(foundSchema) });
    return checked(schema, await this.#call('GET', `/api/search?${queryOf(query)}`), 'search').entries;
  }

  async directs(): Promise<Direct[]> {
    const schema = z.object({ directs: z.array(directSchema) });
    return checked(schema, await this.#call('GET', '/api/dm'), 'directs').directs;
  }

  async createChannel(name: string, fields: ChannelFields): Promise<Channel> {
    return checked(channelSchema, await this.#call('POST', '/api/channels', { name, ...fields }), 'channel');
  }

  async changeChannel(name: string, fields: ChannelFields): Promise<Channel> {
    return checked(channelSchema, await this.#call('PATCH', `/api/channels/${name}`, fields), 'channel');
  }

  async deleteChannel(name: string): Promise<void> {
    await this.#call('DELETE', `/api/channels/${name}`);
  }

  async members(channel: string): Promise<string[]> {
    const schema = z.object({ members: z.array(z.string()) });
    return checked(schema, await this.#call('GET', `/api/channels/${channel}/members`), 'members').members;
  }

  async addMember(channel: string, name: string): Promise<void> {
    await this.#call('PUT', `/api/channels/${channel}/members/${name}`);
  }

  async removeMember(channel: string, name: string): Promise<void> {
    await this.#call('DELETE', `/api/channels/${channel}/members/${name}`);
  }
}

const jsonType = { 'content-type': 'application/json' };

function queryOf(query: object): string {
  const values = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(values.map(([key, value]) => [key, String(value)])).toString();
}

/** The body of an answer. @throws ApiError with the hub's words */
export async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
  if (response.ok) return body;
  throw new ApiError(response.status, body?.error?.message ?? `The hub answered ${response.status}.`);
}
