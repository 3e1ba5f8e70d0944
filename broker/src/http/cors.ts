import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HubOptions } from '../options/table.ts';

/** What a page may ask for beside what every page may (Fetch §2.2.2): credentials, JSON, resuming, uploads in parts. */
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Last-Event-ID',
  'Tus-Resumable',
  'Upload-Checksum',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Offset',
];
/** What a page may read of an answer's headers. */
const EXPOSED_HEADERS = [
  'Location',
  'Parley-Node',
  'Tus-Resumable',
  'Upload-Expires',
  'Upload-Length',
  'Upload-Offset',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** A browser asks again after this time. */
const MAX_AGE_SECONDS = 600;

const exposed = EXPOSED_HEADERS.join(', ');
const preflight = {
  'Access-Control-Allow-Methods': METHODS.join(', '),
  'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
  'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
};

/** Headers that let a page of `allowedOrigins` read an answer (Fetch §3.2); none for any other. */
export function corsHeaders(
  { headers }: Pick<FastifyRequest, 'headers'>,
  { allowedOrigins }: Pick<HubOptions, 'allowedOrigins'>,
): Record<string, string> {
  const { origin } = headers;
  if (allowedOrigins.length === 0) return {};
  // A cache must not give the answer for one origin to another.
  if (origin === undefined || !allowedOrigins.includes(origin)) return { Vary: 'Origin' };
  return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': exposed };
}

/** Whether a browser asks beforehand whether a page may send what it wants to (Fetch §3.2.2). */
export function isPreflight({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** To be called for an origin that is allowed. */
export function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply.status(204).headers(preflight).send();
}
