import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { HubOptions } from '../options/table.ts';
import { isLoopback } from './loopback.ts';

export type OriginOptions = Pick<HubOptions, 'host' | 'allowedOrigins'> & Partial<Pick<HubOptions, 'publicUrl'>>;

/**
 * Whether the page that makes a request may: it is the hub's own, a named one, or no page at all (no Origin header:
 * curl, a device). A browser sends Origin with every WebSocket handshake and every request that can change something
 * (RFC 6454 §7, Fetch §3.2).
 */
export function originAllowed(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { host, allowedOrigins, publicUrl }: OriginOptions,
): boolean {
  const { origin } = headers;
  if (origin === undefined || origin === publicUrl || allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin) || new URL(origin).host !== headers.host) return false;
  // A hub on loopback is reached by its address or as localhost. Any other name was made to point here, perhaps by a
  // page elsewhere that wants to pass for ours (DNS rebinding).
  return !isLoopback(host) || isOwnName(new URL(origin).hostname, host);
}

function isOwnName(hostname: string, host: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === host || isIP(name) > 0;
}

/** Whether browsers reach the hub over https, directly or through a proxy. */
export function isSecure({ tlsCert, publicUrl }: Pick<HubOptions, 'tlsCert' | 'publicUrl'>): boolean {
  return publicUrl === undefined ? tlsCert !== undefined : publicUrl.startsWith('https:');
}
