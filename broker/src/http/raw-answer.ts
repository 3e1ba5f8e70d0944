import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Headers of every answer that mean something for one that is never shown as a page. */
const KEPT = /^(?:parley-node|vary|access-control-.*)$/;

export interface RawAnswer {
  readonly raw: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
}

/**
 * Takes an answer that is long in coming, or that goes on, out of fastify's hands: then it holds nothing of the request
 * but what Node needs, and none of the headers for pages.
 */
export function takeAnswer(reply: FastifyReply): RawAnswer {
  reply.hijack();
  for (const name of reply.raw.getHeaderNames()) reply.raw.removeHeader(name);
  const kept = Object.entries(reply.getHeaders()).filter(([name]) => KEPT.test(name));
  return { raw: reply.raw, headers: { ...Object.fromEntries(kept), 'X-Content-Type-Options': 'nosniff' } };
}
