import { ParleyError } from '@parley/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CommandName, Commands } from '../../auth/commands.ts';
import { inputs } from '../../auth/commands.ts';
import type { Rights } from '../../auth/rights.ts';
import type { Roles } from '../../auth/rules.ts';
import { actorOf } from '../caller.ts';
import {
  accountParams,
  accountSchema,
  accountsSchema,
  accountTokenParams,
  auditQuery,
  auditSchema,
  decisionSchema,
  explainQuery,
  inviteSchema,
  invitesSchema,
  issuedSchema,
  rolesSchema,
  tokenParams,
  tokensSchema,
} from '../schemas/auth.ts';
import { jsonSchema } from '../zod.ts';

export interface AdministrationContext {
  readonly commands: Commands;
  readonly rights: Rights;
  readonly roles: () => Roles;
}

/** One command as a route: its path's and query's values and its body are the command's input. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly command: CommandName;
  readonly summary: string;
  /** 204 without it. */
  readonly answer?: object;
  readonly params?: { readonly properties: object };
  readonly query?: object;
}

const account = '/api/accounts/:name';

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/accounts',
    command: 'account.list',
    summary: 'People and devices with an account',
    answer: accountsSchema,
  },
  { method: 'POST', path: '/api/accounts', command: 'account.add', summary: 'Make an account', answer: accountSchema },
  {
    method: 'GET',
    path: account,
    command: 'account.get',
    summary: 'One account',
    answer: accountSchema,
    params: accountParams,
  },
  { method: 'DELETE', path: account, command: 'account.remove', summary: 'Remove an account', params: accountParams },
  {
    method: 'PUT',
    path: `${account}/roles`,
    command: 'account.roles',
    summary: 'Give roles',
    answer: accountSchema,
    params: accountParams,
  },
  {
    method: 'PUT',
    path: `${account}/password`,
    command: 'account.password',
    summary: 'Set the password; all it had signed in ends',
    params: accountParams,
  },
  {
    method: 'POST',
    path: `${account}/logout`,
    command: 'account.sign-out',
    summary: 'Sign somebody out everywhere',
    params: accountParams,
  },
  {
    method: 'GET',
    path: `${account}/tokens`,
    command: 'token.list',
    summary: 'Sign-ins and tokens of an account',
    answer: tokensSchema,
    params: accountParams,
  },
  {
    method: 'POST',
    path: `${account}/tokens`,
    command: 'token.add',
    summary: 'Make a token for a bot or device; it is shown once',
    answer: issuedSchema,
    params: accountParams,
  },
  {
    method: 'DELETE',
    path: `${account}/tokens/:id`,
    command: 'token.remove',
    summary: 'Revoke a token',
    params: accountTokenParams,
  },
  { method: 'GET', path: '/api/invites', command: 'invite.list', summary: 'Open invites', answer: invitesSchema },
  {
    method: 'POST',
    path: '/api/invites',
    command: 'invite.add',
    summary: 'Make a one-time invite; its code is shown once',
    answer: inviteSchema,
  },
  {
    method: 'DELETE',
    path: '/api/invites/:id',
    command: 'invite.remove',
    summary: 'Take an invite back',
    params: tokenParams,
  },
  {
    method: 'GET',
    path: '/api/audit',
    command: 'audit.list',
    summary: 'Sign-ins, changes of rights, administration; newest first',
    answer: auditSchema,
    query: auditQuery,
  },
];

const tags = ['accounts'];
const nothing = { type: 'null', description: 'Done' };

/** What administrators do (PRODUCT.md §5), by the same commands as the command line. */
export function administrationRoutes(api: FastifyInstance, { commands, rights, roles }: AdministrationContext): void {
  for (const { method, path, command, summary, answer, params, query } of routes) {
    const status = answer ? (method === 'POST' ? 201 : 200) : 204;
    const hasBody = method !== 'GET' && method !== 'DELETE' && command !== 'account.sign-out';
    const schema = {
      summary,
      tags,
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(hasBody && { body: bodyOf(command, params) }),
      response: { [status]: answer ?? nothing },
    };
    api.route({
      method,
      url: path,
      schema,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        checkAdministers(rights, request);
        const input = { ...(request.body as object), ...(request.query as object), ...(request.params as object) };
        const result = await commands.run(command, input, { by: actorOf(request).user, address: request.ip });
        return reply
          .status(status)
          .header('Cache-Control', 'no-store')
          .send(answer ? result : undefined);
      },
    });
  }

  api.get('/api/roles', { schema: { summary: 'Roles there are', tags, response: { 200: rolesSchema } } }, () => ({
    roles: roles().names,
  }));

  const explain = {
    summary: 'Which rule decides, and how',
    tags,
    querystring: explainQuery,
    response: { 200: decisionSchema },
  };
  api.get<{ Querystring: { who: string } }>('/api/rights', { schema: explain }, (request) => {
    if (request.query.who !== actorOf(request).user) checkAdministers(rights, request);
    return commands.run('rights.explain', request.query, { by: actorOf(request).user });
  });
}

/** The command's input without what the path names. */
function bodyOf(command: CommandName, params: Route['params']): object {
  const {
    properties,
    required = [],
    ...rest
  } = jsonSchema(inputs[command]) as {
    properties: Record<string, object>;
    required?: string[];
  };
  const named = Object.keys(params?.properties ?? {});
  const kept = Object.entries(properties).filter(([key]) => !named.includes(key));
  return { ...rest, properties: Object.fromEntries(kept), required: required.filter((key) => !named.includes(key)) };
}

/** @throws ParleyError `not-authorized` */
function checkAdministers(rights: Rights, request: FastifyRequest): void {
  const who = actorOf(request);
  if (rights.may(who, 'administer', 'hub/admin')) return;
  throw new ParleyError('not-authorized', `${who.user} is no administrator`);
}
