import type { IncomingHttpHeaders } from 'node:http';

/** `__Host-` binds a cookie to this very host and to https (RFC 6265bis §4.1.3.2); plain http cannot have it. */
const SECURE = '__Host-parley';
const PLAIN = 'parley';

/** The cookie that keeps a page signed in: no script reads it, and no other site's request brings it. */
export function sessionCookie(token: string, expiresAt: number, isSecure: boolean): string {
  const seconds = Math.max(0, Math.floor((expiresAt - Date.now()) / 1000));
  const name = isSecure ? SECURE : PLAIN;
  return `${name}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}

export function endedCookie(isSecure: boolean): string {
  return sessionCookie('', 0, isSecure);
}

/**
 * The token a request brings in its cookie. A request that a browser marks as another site's brings none, whatever its
 * cookies (Fetch Metadata); beside `SameSite` and the check of Origin that makes three walls.
 */
export function cookieToken(headers: IncomingHttpHeaders, isSecure: boolean): string | undefined {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return undefined;
  const name = `${isSecure ? SECURE : PLAIN}=`;
  const pair = headers.cookie?.split(';').find((one) => one.trim().startsWith(name));
  const token = pair?.trim().slice(name.length);
  return token === '' ? undefined : token;
}
