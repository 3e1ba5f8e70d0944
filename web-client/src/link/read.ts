import { authorizationOf } from './authorization.ts';

/** Reads of the hub over HTTP beyond the calls of the conversation. */
export interface Read {
  /** @throws Error with the hub's words or that it was not reached, the signal's reason */
  json(path: string, signal?: AbortSignal): Promise<unknown>;
  text(path: string, signal?: AbortSignal): Promise<string>;
}

export function readAs(user: string): Read {
  const get = async (path: string, signal?: AbortSignal): Promise<Response> => {
    const response = await fetch(path, { headers: authorizationOf(user), ...(signal && { signal }) });
    if (response.ok) return response;
    const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
    throw new Error(body?.error?.message ?? `The hub answered ${response.status}.`);
  };
  return {
    json: async (path, signal) => (await get(path, signal)).json(),
    text: async (path, signal) => (await get(path, signal)).text(),
  };
}
