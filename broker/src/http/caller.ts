import type { FastifyRequest } from 'fastify';
import { ParleyError } from '@parley/shared';
import type { Actor } from '../auth/rights.ts';
import { grantOf } from '../auth/http-guard.ts';
import { claimedName } from '../auth/identity.ts';

/**
 * Who an HTTP request is from: with accounts who signed in, otherwise the user of its Basic credentials (RFC 7617), else `guest`. With `auth: open` the name
 * is a claim, as it is over MQTT.
 * @throws ParleyError `name-invalid`, `request-invalid`
 */
export function callerOf(request: FastifyRequest): string {
  const grant = grantOf(request);
  if (grant) return grant.name;
  const { authorization } = request.headers;
  if (authorization === undefined) return 'guest';
  const [scheme, credentials = ''] = authorization.split(' ', 2);
  if (scheme!.toLowerCase() !== 'basic') {
    throw new ParleyError('request-invalid', `Authorization scheme ${scheme} is not known here; use Basic`);
  }
  return claimedName(Buffer.from(credentials, 'base64').toString().split(':', 1)[0]!);
}

/** The caller as rights know it. */
export function actorOf(request: FastifyRequest): Actor & { readonly user: string; readonly closed: true } {
  return { id: '', user: callerOf(request), grant: grantOf(request), closed: true };
}
