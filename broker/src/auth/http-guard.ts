import type { ServerResponse } from 'node:http';
import { ParleyError } from '@parley/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Scope } from '../scope.ts';
import type { Accounts } from './accounts.ts';
import type { Authenticator } from './authenticator.ts';
import { cookieToken } from './cookie.ts';
import type { Grant } from './grant.ts';

export interface GuardContext {
  readonly accounts: Accounts;
  readonly authenticator: Authenticator;
  /** Whether browsers reach the hub over https. */
  readonly isSecure: boolean;
}

/** What may be asked by who has not signed in: who the hub is, how it is used, and how to sign in. */
const openRoutes = new Set([
  '/api/hub',
  '/api/openapi.json',
  '/api/asyncapi.json',
  '/api/login',
  '/api/logout',
  '/api/invites/look-up',
  '/api/invites/accept',
]);

/** What a token that is limited to channels may ask for; what of it the rights of its channels decide. */
const limitedRoutes = /^\/api\/(?:me$|(?:channels|search|publish|subscribe|files)(?:\/|$))/;

const grants = new WeakMap<FastifyRequest, Grant>();

/** What the sender of a request was let in by; undefined with `auth: open` and for who did not sign in. */
export function grantOf(request: FastifyRequest): Grant | undefined {
  return grants.get(request);
}

/** What expires is looked for this often; what is revoked ends at once. */
const SWEEP_MS = 10_000;

/** Answers that may take long, such as streams of events, and what their readers were let in by. */
class OpenAnswers {
  readonly #open = new Map<ServerResponse, Grant>();
  readonly #accounts: Accounts;
  #due: NodeJS.Immediate | undefined;

  constructor(accounts: Accounts, scope: Scope) {
    this.#accounts = accounts;
    scope.defer(accounts.onChange(() => (this.#due ??= setImmediate(() => this.#sweep()))));
    const timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    scope.defer(() => {
      clearInterval(timer);
      clearImmediate(this.#due);
    });
  }

  add(response: ServerResponse, grant: Grant): void {
    this.#open.set(response, grant);
    response.once('close', () => this.#open.delete(response));
  }

  #sweep(): void {
    this.#due = undefined;
    for (const [response, grant] of this.#open) if (!this.#accounts.isLive(grant)) response.destroy();
  }
}

/** Nobody reaches a route of the API, or the metrics, without having signed in; who is signed out reads no further. */
export function guardHttp(http: FastifyInstance, context: GuardContext, scope: Scope): void {
  const answers = new OpenAnswers(context.accounts, scope);
  http.addHook('onRequest', async (request, reply) => {
    const path = request.routeOptions.url ?? '';
    if (!path.startsWith('/api/') && path !== '/metrics') return;
    try {
      const grant = await identify(request, context);
      if (!grant && !openRoutes.has(path)) throw new ParleyError('unauthenticated', 'sign in first');
      if (!grant) return;
      if (grant.channels && !limitedRoutes.test(path) && !openRoutes.has(path)) {
        throw new ParleyError('not-authorized', 'this token is for its channels alone');
      }
      grants.set(request, grant);
      // Only reading can take long; whoever signs out still gets the answer to that.
      if (request.method === 'GET') answers.add(reply.raw, grant);
    } catch (error) {
      // Not Basic: a browser would ask for a password in a window of its own.
      reply.header('WWW-Authenticate', 'Bearer realm="parley"');
      throw error;
    }
  });
}

/** @throws ParleyError `unauthenticated`, `too-many-attempts`, `request-invalid` */
async function identify(
  request: FastifyRequest,
  { authenticator, isSecure }: GuardContext,
): Promise<Grant | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return fromHeader(authorization, request.ip, authenticator);
  const token = cookieToken(request.headers, isSecure);
  if (token === undefined) return undefined;
  // An old cookie is as good as none: its page can sign in again.
  return authenticator.token(token).catch(() => undefined);
}

/** Bearer (RFC 6750 §2.1) or Basic (RFC 7617) with a password or a token. */
function fromHeader(authorization: string, address: string, authenticator: Authenticator): Promise<Grant> {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return authenticator.token(credentials);
  if (scheme.toLowerCase() !== 'basic') throw new ParleyError('request-invalid', 'Authorization is Bearer or Basic');
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw new ParleyError('request-invalid', 'Basic credentials have no colon');
  return authenticator.check({ user: text.slice(0, colon), password: text.slice(colon + 1), address });
}
