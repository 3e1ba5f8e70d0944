import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { errorBody } from './server.ts';

/** The built page, at the same place from src/ and from dist/. */
const root = fileURLToPath(new URL('../../../web-client/dist/', import.meta.url));

/** A view of the app has an address without an extension; what looks like a file is one, or missing. */
const PAGE = /^\/(?!(?:api|assets|mqtt)(?:\/|$))(?:[^?]*\/)?[^./?]*(?:\?|$)/;

/**
 * Serves the web app. Its views have addresses of their own (`/c/general`), so every other address gets its document,
 * whatever its reader says to accept; the hashed files under /assets may be kept for good.
 */
export async function webApp(http: FastifyInstance): Promise<void> {
  const built = existsSync(root);
  if (built) await http.register(fastifyStatic, { root, setHeaders: cacheHeaders });
  http.setNotFoundHandler((request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (built && isRead && PAGE.test(request.url)) return reply.sendFile('index.html');
    return reply
      .status(404)
      .send(errorBody('not-found', `there is no ${request.method} ${request.url.split('?', 1)[0]!.slice(0, 200)}`));
  });
}

function cacheHeaders(reply: { setHeader(name: string, value: string): unknown }, file: string): void {
  const cache = file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  reply.setHeader('Cache-Control', cache);
}
