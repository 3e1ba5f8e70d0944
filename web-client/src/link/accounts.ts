import { checked } from '@parley/shared';
import * as z from 'zod/mini';
import { answerOf } from './api.ts';
import { renewing } from './authorization.ts';

const names = z.array(z.string());
const kind = z.enum(['person', 'device']);

const signedIn = z.object({ user: z.string(), roles: names, expiresAt: z.number() });
const me = z.object({
  user: z.string(),
  roles: names,
  hasPassword: z.boolean(),
  administers: z.boolean(),
  expiresAt: z.optional(z.number()),
});
export type Me = z.infer<typeof me>;

const invitation = z.object({ roles: names, by: z.string(), user: z.optional(z.string()), expiresAt: z.number() });
/** What an invite is for. */
export type Invitation = z.infer<typeof invitation>;

const invite = z.object({ ...invitation.shape, id: z.string() });
export type Invite = z.infer<typeof invite>;
const madeInvite = z.object({ code: z.string(), url: z.string(), invite });
export type MadeInvite = z.infer<typeof madeInvite>;

const account = z.object({
  name: z.string(),
  kind,
  roles: names,
  createdAt: z.number(),
  hasPassword: z.boolean(),
  external: z.boolean(),
});
export type Account = z.infer<typeof account>;

const token = z.object({
  id: z.string(),
  kind: z.enum(['session', 'access']),
  createdAt: z.number(),
  signedInAt: z.optional(z.number()),
  expiresAt: z.number(),
  label: z.optional(z.string()),
  channels: z.optional(names),
  current: z.optional(z.boolean()),
});
export type IssuedToken = z.infer<typeof token>;

const entry = z.object({
  at: z.number(),
  event: z.string(),
  by: z.string(),
  to: z.optional(z.string()),
  address: z.optional(z.string()),
  detail: z.optional(z.string()),
});
export type AuditEntry = z.infer<typeof entry>;

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
  return answerOf(await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }));
}

const of = (name: string): string => `/api/accounts/${encodeURIComponent(name)}`;

/**
 * Accounts of the hub. The cookie of the sign-in goes along by itself, and the token in an answer is let go.
 * Each call throws ApiError, or TypeError when the hub cannot be reached.
 */
export const accounts = {
  signIn: async (user: string, password: string) =>
    checked(signedIn, await renewing(call('POST', '/api/login', { user, password })), 'sign-in'),
  accept: async (code: string, user: string, password: string) =>
    checked(signedIn, await renewing(call('POST', '/api/invites/accept', { code, user, password })), 'sign-in'),
  lookUp: async (code: string) => checked(invitation, await call('POST', '/api/invites/look-up', { code }), 'invite'),
  /** A fresh cookie for the same sign-in. */
  refresh: async () => checked(signedIn, await renewing(call('POST', '/api/refresh')), 'sign-in'),
  signOut: (everywhere: boolean) => renewing(call('POST', everywhere ? '/api/logout/everywhere' : '/api/logout')),
  changePassword: (password: string, newPassword: string) =>
    renewing(call('PUT', '/api/me/password', { password, newPassword })),
  me: async () => checked(me, await call('GET', '/api/me'), 'me'),
  tokens: async () =>
    checked(z.object({ tokens: z.array(token) }), await call('GET', '/api/me/tokens'), 'tokens').tokens,
  endToken: (id: string) => call('DELETE', `/api/me/tokens/${encodeURIComponent(id)}`),
};

/** What administrators do. */
export const administration = {
  list: async () =>
    checked(z.object({ accounts: z.array(account) }), await call('GET', '/api/accounts'), 'accounts').accounts,
  roles: async () => checked(z.object({ roles: names }), await call('GET', '/api/roles'), 'roles').roles,
  addDevice: (name: string) => call('POST', '/api/accounts', { name, kind: 'device' }),
  remove: (name: string) => call('DELETE', of(name)),
  setRoles: (name: string, roles: readonly string[]) => call('PUT', `${of(name)}/roles`, { roles }),
  signOut: (name: string) => call('POST', `${of(name)}/logout`),
  /** A token for a device; the hub shows it this once. */
  issue: async (name: string) =>
    checked(
      z.object({ token: z.string(), expiresAt: z.number() }),
      await call('POST', `${of(name)}/tokens`, {}),
      'token',
    ),
  invites: async () =>
    checked(z.object({ invites: z.array(invite) }), await call('GET', '/api/invites'), 'invites').invites,
  /** @param user who alone may accept it; without one they choose a name */
  invite: async (roles: readonly string[], user: string | undefined) =>
    checked(madeInvite, await call('POST', '/api/invites', { roles, ...(user !== undefined && { user }) }), 'invite'),
  withdraw: (id: string) => call('DELETE', `/api/invites/${encodeURIComponent(id)}`),
  /** Newest first. @param before only entries before this time, ms since the Unix epoch */
  audit: async (before?: number) => {
    const query = before === undefined ? '' : `?before=${before}`;
    const schema = z.object({ entries: z.array(entry) });
    return checked(schema, await call('GET', `/api/audit${query}`), 'audit').entries;
  },
};

/** What went wrong, for a person. */
export function problemOf(error: unknown): string {
  return error instanceof TypeError ? 'The hub does not answer.' : (error as Error).message;
}
