import { checked, pageSchema } from '@parley/shared';
import type { Page } from '@parley/shared';

/** What the hub says of itself at `GET /api/hub`. */
export interface HubFacts {
  readonly mqttPort: number | undefined;
  readonly auth: string;
  readonly version: string;
}

/** Exclusive bounds of a page; neither: the newest entries. */
export interface PageQuery {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
}

/** The hub answered, and not with what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The calls of the HTTP API that the page makes. */
export interface Api {
  hub(): Promise<HubFacts>;
  /** @throws ApiError when the hub refuses, TypeError when it cannot be reached */
  messages(channel: string, query: PageQuery): Promise<Page>;
}

/** @param base the origin of the hub, empty for that of the page */
export function httpApi(base = '', request: typeof fetch = fetch): Api {
  const get = async (path: string): Promise<unknown> => {
    const response = await request(`${base}${path}`, { headers: { accept: 'application/json' } });
    if (response.ok) return response.json();
    const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
    throw new ApiError(response.status, body?.error?.message ?? `The hub answered ${response.status}.`);
  };
  return {
    hub: async () => toFacts(await get('/api/hub')),
    messages: async (channel, query) => {
      const values = Object.entries(query).map(([key, value]) => [key, String(value)]);
      const search = new URLSearchParams(values);
      return checked(pageSchema, await get(`/api/channels/${encodeURIComponent(channel)}/messages?${search}`), 'page');
    },
  };
}

function toFacts(value: unknown): HubFacts {
  const { mqttPort, auth, version } = (value ?? {}) as Record<string, unknown>;
  return {
    mqttPort: typeof mqttPort === 'number' ? mqttPort : undefined,
    auth: typeof auth === 'string' ? auth : 'open',
    version: typeof version === 'string' ? version : '',
  };
}
