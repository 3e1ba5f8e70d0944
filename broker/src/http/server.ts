import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { coded } from '@parley/shared';
import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import type { ConnectionError, FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { answerPreflight, corsHeaders, isPreflight } from './cors.ts';
import { isSecure, originAllowed } from '../listen/origin.ts';
import type { Certificates, TlsSettings } from '../listen/certificate.ts';
import type { Gatekeeper } from '../listen/gatekeeper.ts';
import { listen } from '../listen/listen.ts';
import type { Log } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';

export type HttpOptions = Pick<
  HubOptions,
  'host' | 'httpPort' | 'allowedOrigins' | 'maxPacketBytes' | 'publicUrl' | 'tlsCert'
>;

export interface HttpContext {
  readonly nodeId: string;
  readonly certificate: TlsSettings | undefined;
  readonly certificates: Certificates;
  readonly gatekeeper: Gatekeeper;
  readonly log: Log;
}

/** A browser that was here over https comes over https for half a year (RFC 6797). */
const HSTS_SECONDS = 15_552_000;

/** Plain HTTP also serves home networks, so nothing here may ask a browser to upgrade to https by itself. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    connectSrc: ["'self'", 'ws:', 'wss:'],
    imgSrc: ["'self'", 'data:', 'blob:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** A whole request, its body included, has this long to arrive; its headers have less. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 15_000;

/** Characters of an error's message: it may repeat an address, which is of any length. */
const LONGEST_MESSAGE = 300;

/** What is still open when the hub stops may end its answer in this time. */
const CLOSE_GRACE_MS = 1000;

/** Sockets beside the MQTT connections that `maxConnections` allows: pages, polls, uploads. */
const PLAIN_SOCKETS = 5000;

/** The HTTP side with its headers, limits and error form, before any route. */
export async function createHttp(
  options: HttpOptions,
  { nodeId, certificate, certificates, gatekeeper, log }: HttpContext,
): Promise<FastifyInstance> {
  const secure = isSecure(options);
  const http = Fastify({
    bodyLimit: options.maxPacketBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // What is too long is refused by its own schema, which says so.
    routerOptions: { maxParamLength: 1024 },
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 5000 },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, nodeId),
    // A path that does not decode never reaches a route or the not-found handler; it deserves the same answer form.
    frameworkErrors: (error, request, reply: FastifyReply) =>
      void reply
        .status(400)
        .headers({ 'Parley-Node': nodeId, ...corsHeaders(request, options) })
        .send(errorBody('request-invalid', error.message.slice(0, LONGEST_MESSAGE))),
    trustProxy: (address) => gatekeeper.isTrusted(address),
    ...(certificate && { https: certificate }),
  }) as unknown as FastifyInstance;
  if (certificate) certificates.use(http.server as unknown as TlsServer);
  // Before anything else looks at the socket, which is then a closed one.
  http.server.prependListener('connection', (socket: Socket) => {
    if (!gatekeeper.admits(socket.remoteAddress ?? '')) socket.destroy();
  });
  gatekeeper.bound(http.server, PLAIN_SOCKETS);
  await http.register(helmet, {
    contentSecurityPolicy,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: false,
    // Of this name alone: other names below it may be somebody else's.
    strictTransportSecurity: secure && { maxAge: HSTS_SECONDS, includeSubDomains: false },
  });
  http.addHook('onRequest', async (request, reply) => {
    reply.header('Parley-Node', nodeId).headers(corsHeaders(request, options));
    const isAllowed = request.method === 'GET' || request.method === 'HEAD' || originAllowed(request.raw, options);
    if (isAllowed && isPreflight(request)) await answerPreflight(reply);
    if (isAllowed) return;
    await reply.status(403).send(errorBody('origin-refused', `pages of ${request.headers.origin} may not do this`));
  });
  http.setErrorHandler((error: FastifyError, _request, reply) => {
    const { code, message, status } = answerOf(error);
    if (status >= 500) log.error({ event: 'http.error', err: error }, message);
    return reply.status(status).send(errorBody(code, message));
  });
  return http;
}

/** Opens the port. Gives the one it got. */
export async function listenHttp(
  http: FastifyInstance,
  { host, httpPort }: HttpOptions,
  scope: Scope,
): Promise<number> {
  await http.ready();
  scope.defer(() => closeHttp(http));
  return listen(http.server, host, httpPort, 'httpPort');
}

/** Stops accepting at once; whoever is being answered gets a moment, silent sockets none beyond it. */
async function closeHttp(http: FastifyInstance): Promise<void> {
  const { server } = http;
  const closed = new Promise((resolve) => {
    if (server.listening) server.close(resolve);
    else resolve(undefined);
  });
  server.closeIdleConnections();
  const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await Promise.all([closed, http.close()]);
  clearTimeout(grace);
}

/** What Node's parser refuses never becomes a request; it is answered in the same form (RFC 9112 §9.6). */
function answerClientError(error: ConnectionError, socket: Socket, nodeId: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(errorBody('request-invalid', 'the request is not well-formed HTTP, or took too long'));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nParley-Node: ${nodeId}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

export function errorBody(code: string, message: string): { error: { code: string; message: string } } {
  return { error: { code, message } };
}

function answerOf(error: FastifyError): { code: string; message: string; status: number } {
  if (error.statusCode === 415) {
    const message = 'this Content-Type is not taken here; send application/json, or text/plain for a message';
    return { code: 'request-invalid', message, status: 415 };
  }
  if (error.statusCode === 413) return { code: 'too-large', message: 'the body is over maxPacketBytes', status: 413 };
  if (error.validation || (error.statusCode !== undefined && error.statusCode < 500)) {
    return {
      code: 'request-invalid',
      message: error.message.slice(0, LONGEST_MESSAGE),
      status: error.statusCode ?? 400,
    };
  }
  const { code, message, status } = coded(error);
  return code === 'internal'
    ? { code, message: 'the hub failed; its log says why', status }
    : { code, message, status };
}
