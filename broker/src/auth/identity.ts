import { hash, randomInt } from 'node:crypto';
import { checkName, isName, ParleyError } from '@parley/shared';

/** The name a client acts under, as its authentication settled it. Without a client it is the hub itself. */
export function nameOf(client: { readonly user?: string | undefined } | null): string {
  return client ? (client.user ?? 'guest') : 'hub';
}

/**
 * Who a connection is (PRODUCT.md §3): its username, lower-cased; without one the client id if that is a valid name,
 * else `guest-` and six characters.
 * @param clientId empty when the client sent none
 * @throws ParleyError `name-invalid` for a username that is no name
 */
export function connectionName(username: string | undefined, clientId: string): string {
  if (username !== undefined && username !== '') return claimedName(username);
  return isName(clientId) && clientId !== 'hub' ? clientId : `guest-${guestSuffix(clientId)}`;
}

/** @throws ParleyError `name-invalid` */
export function claimedName(username: string): string {
  const name = username.toLowerCase();
  if (name === 'hub') throw new ParleyError('name-invalid', 'the user name hub is the hub’s own');
  return checkName(name, 'user');
}

export function isGuest(name: string): boolean {
  return name === 'guest' || name.startsWith('guest-');
}

/** The same client id is the same guest, who finds its session again. */
function guestSuffix(clientId: string): string {
  const number = clientId === '' ? randomInt(36 ** 6) : Number.parseInt(hash('sha256', clientId).slice(0, 8), 16);
  return (number % 36 ** 6).toString(36).padStart(6, '0');
}
