/**
 * On a hub with accounts the cookie of the sign-in says who this page is; no script reads it (docs/decisions/0007). On
 * an open one a name is a claim, and every request makes it.
 */
let cookie = false;
/** The cookie is being changed; what is asked meanwhile waits for it. */
let renewal: Promise<unknown> = Promise.resolve();

/** From now on requests rely on the cookie, or claim a name. */
export function relyOnCookie(on: boolean): void {
  cookie = on;
}

export function reliesOnCookie(): boolean {
  return cookie;
}

/** A request whose answer brings another cookie: the one before it may end while it is on its way. */
export function renewing<Answer>(request: Promise<Answer>): Promise<Answer> {
  renewal = request.catch(() => undefined);
  return request;
}

/** Resolves when the cookie is as it will stay. */
export async function renewed(): Promise<undefined> {
  await renewal;
}

/** Headers of a request under a name: none beside a cookie, else Basic with the name alone. */
export function authorizationOf(user: string): { authorization?: string } {
  return cookie ? {} : { authorization: `Basic ${btoa(`${user}:`)}` };
}
