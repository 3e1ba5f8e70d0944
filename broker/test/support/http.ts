import type { TestHub } from './hub.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
export interface Answer<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Asks for JSON; an empty answer gives an empty object. */
export async function ask<Body = Record<string, unknown>>(
  { httpUrl }: Pick<TestHub, 'httpUrl'>,
  path: string,
  init: RequestInit = {},
): Promise<Answer<Body>> {
  const response = await fetch(httpUrl + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text === '' ? '{}' : text) as Body };
}

/** A request with a JSON body, as somebody. */
export function post(body: unknown, user?: string, headers: Record<string, string> = {}): RequestInit {
  const given = { 'Content-Type': 'application/json', ...(user && as(user)), ...headers };
  return { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: given };
}

export function as(user: string): { Authorization: string } {
  return { Authorization: `Basic ${btoa(`${user}:`)}` };
}
/** Calls the API under a name. */
export async function call(
  hub: TestHub,
  user: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(hub.httpUrl + path, {
    method,
    headers: {
      ...(user !== undefined && { Authorization: `Basic ${btoa(`${user}:`)}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
