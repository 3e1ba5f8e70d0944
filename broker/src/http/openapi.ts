import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { version } from '../version.ts';
import { described } from './described.ts';

const description = `Everything that curl can do with a hub (docs/patterns.md has examples). Errors are
\`{"error":{"code","message"}}\`; docs/errors.md lists the codes. Every answer names its node in \`Parley-Node\`.`;

const failed = {
  description: 'A coded error (docs/errors.md)',
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
};

/**
 * Gathers the schemas of every route that is made from here on, the same that validate them, and serves them as
 * `GET /api/openapi.json`.
 */
export async function openApi(http: FastifyInstance): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Parley', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'Without accounts the user name alone says who asks.' },
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token of `POST /api/login` or `parley token add`.',
          },
        },
      },
      security: [{}, { basic: [] }, { bearer: [] }],
      tags: [
        { name: 'chat', description: 'Channels, direct messages and who is here' },
        { name: 'messages', description: 'Any topic' },
        { name: 'devices', description: 'Devices, their telemetry and commands' },
        { name: 'files', description: 'Attachments; large ones in parts (tus 1.0)' },
        { name: 'accounts', description: 'Signing in, invites, administration; with `auth: accounts`' },
        { name: 'hub', description: 'The hub itself' },
      ],
    },
    transform: ({ schema, url, route }) => ({
      schema: isPage(url) ? { hide: true } : describe(schema, `${String(route.method)} ${url}`),
      url,
    }),
  });
  http.get('/api/openapi.json', () => http.swagger());
}

/** The web app's own addresses are nobody's interface. */
function isPage(url: string): boolean {
  return !/^\/(?:api\/|healthz$|readyz$|metrics$)/.test(url);
}

/** A route's own words, else those of the table; and every route can fail. */
function describe(schema: FastifySchema | undefined, route: string): FastifySchema {
  const full = { ...described[route], ...schema };
  return { ...full, response: { ...(full.response as object), default: failed } };
}
