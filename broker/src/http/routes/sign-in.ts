import { ParleyError } from '@parley/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../../auth/accounts.ts';
import type { Audit } from '../../auth/audit.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import { endedCookie, sessionCookie } from '../../auth/cookie.ts';
import type { Grant } from '../../auth/grant.ts';
import { grantOf } from '../../auth/http-guard.ts';
import type { Invites } from '../../auth/invites.ts';
import type { Rights } from '../../auth/rights.ts';
import type { Issued, Tokens } from '../../auth/tokens.ts';
import { actorOf } from '../caller.ts';
import {
  acceptBody,
  invitationSchema,
  loginBody,
  lookUpBody,
  meSchema,
  passwordBody,
  signedInSchema,
} from '../schemas/auth.ts';
import { tokenParams, tokensSchema } from '../schemas/auth.ts';

export interface SignInContext {
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly authenticator: Authenticator;
  readonly invites: Invites;
  readonly rights: Rights;
  readonly tokens: Tokens;
  /** Whether browsers reach the hub over https. */
  readonly isSecure: boolean;
}

interface Login {
  Body: { user: string; password: string };
}

const tags = ['accounts'];
const nothing = { type: 'null', description: 'Done' };

/** Signing in and out, and what everybody does with their own account (PRODUCT.md §5). */
export function signInRoutes(api: FastifyInstance, context: SignInContext): void {
  const { accounts, audit, authenticator, tokens, isSecure } = context;

  const signedIn = (reply: FastifyReply, name: string, { token, expiresAt }: Issued): FastifyReply =>
    reply
      .header('Cache-Control', 'no-store')
      .header('Set-Cookie', sessionCookie(token, expiresAt, isSecure))
      .send({ user: name, roles: accounts.get(name)?.roles ?? [], token, expiresAt });

  const login = {
    summary: 'Sign in',
    description: 'The token is an MQTT password and a Bearer token; the cookie keeps a page signed in.',
    tags,
    body: loginBody,
    response: { 200: signedInSchema },
  };
  api.post<Login>('/api/login', { schema: login }, async (request, reply) => {
    const { user, password } = request.body;
    const { name } = await authenticator.signIn(user, password, request.ip);
    const issued = await tokens.signIn(name);
    audit.note({ event: 'sign-in', by: name, address: request.ip });
    return signedIn(reply, name, issued);
  });

  const refresh = { summary: 'A fresh token for the same sign-in', tags, response: { 200: signedInSchema } };
  api.post('/api/refresh', { schema: refresh }, async (request, reply) => {
    const grant = whoOf(request);
    return signedIn(reply, grant.name, await tokens.refresh(grant));
  });

  const logout = { summary: 'Sign out: this token ends', tags, response: { 204: nothing } };
  api.post('/api/logout', { schema: logout }, async (request, reply) => {
    const grant = grantOf(request);
    if (grant?.session) {
      await tokens.revoke(grant.name, grant.token!);
      audit.note({ event: 'sign-out', by: grant.name, address: request.ip });
    }
    return reply.status(204).header('Set-Cookie', endedCookie(isSecure)).send();
  });

  const everywhere = {
    summary: 'Sign out everywhere: every token of the account ends',
    tags,
    response: { 204: nothing },
  };
  api.post('/api/logout/everywhere', { schema: everywhere }, async (request, reply) => {
    const { name } = whoOf(request);
    await accounts.signOutEverywhere(name);
    audit.note({ event: 'sign-out.everywhere', by: name, to: name, address: request.ip });
    return reply.status(204).header('Set-Cookie', endedCookie(isSecure)).send();
  });

  const me = { summary: 'Who is asking', tags, response: { 200: meSchema } };
  api.get('/api/me', { schema: me }, (request) => {
    const { name, channels, expiresAt } = whoOf(request);
    const { kind, roles, hasPassword } = accounts.get(name)!;
    const administers = context.rights.may(actorOf(request), 'administer', 'hub/admin');
    return { user: name, kind, roles, hasPassword, administers, channels: channels && [...channels], expiresAt };
  });

  const change = {
    summary: 'Change the own password; every other sign-in and token of the account ends',
    tags,
    body: passwordBody,
    response: { 200: signedInSchema },
  };
  api.put<{ Body: { password: string; newPassword: string } }>(
    '/api/me/password',
    { schema: change },
    async (request, reply) => {
      const { name } = whoOf(request);
      await authenticator.signIn(name, request.body.password, request.ip);
      await accounts.setPassword(name, request.body.newPassword);
      audit.note({ event: 'password.changed', by: name, to: name, address: request.ip });
      return signedIn(reply, name, await tokens.signIn(name));
    },
  );

  const list = { summary: 'The own sign-ins and tokens', tags, response: { 200: tokensSchema } };
  api.get('/api/me/tokens', { schema: list }, (request) => {
    const { name, token } = whoOf(request);
    return { tokens: tokens.list(name).map((one) => Object.assign(one, { current: one.id === token })) };
  });

  const end = { summary: 'End one of them', tags, params: tokenParams, response: { 204: nothing } };
  api.delete<{ Params: { id: string } }>('/api/me/tokens/:id', { schema: end }, async (request, reply) => {
    const { name } = whoOf(request);
    await tokens.revoke(name, request.params.id);
    audit.note({ event: 'token.removed', by: name, to: name, address: request.ip, detail: request.params.id });
    return reply.status(204).send();
  });

  acceptRoutes(api, context, signedIn);
}

/** What somebody with an invite does, who has no account yet. */
function acceptRoutes(
  api: FastifyInstance,
  { audit, invites, tokens }: SignInContext,
  signedIn: (reply: FastifyReply, name: string, issued: Issued) => FastifyReply,
): void {
  const lookUp = { summary: 'What an invite is for', tags, body: lookUpBody, response: { 200: invitationSchema } };
  api.post<{ Body: { code: string } }>('/api/invites/look-up', { schema: lookUp }, (request) => {
    const { roles, user, by, expiresAt } = invites.lookUp(request.body.code);
    return { roles, user, by, expiresAt };
  });

  const accept = {
    summary: 'Accept an invite: make the account and sign in',
    tags,
    body: acceptBody,
    response: { 200: signedInSchema },
  };
  api.post<{ Body: { code: string; user: string; password: string } }>(
    '/api/invites/accept',
    { schema: accept },
    async (request, reply) => {
      const { name, roles } = await invites.accept(request.body);
      audit.note({ event: 'invite.accepted', by: name, address: request.ip, detail: roles.join(', ') });
      return signedIn(reply, name, await tokens.signIn(name));
    },
  );
}

/** @throws ParleyError `unauthenticated` */
function whoOf(request: FastifyRequest): Grant {
  const grant = grantOf(request);
  if (grant) return grant;
  throw new ParleyError('unauthenticated', 'sign in first');
}
