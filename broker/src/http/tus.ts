import { ParleyError } from '@parley/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Checksum } from '../files/writing.ts';
import { httpError } from './http-error.ts';

/** The tus protocol for uploads in parts that resume after a cut (https://tus.io/protocols/resumable-upload, 1.0). */
const TUS_VERSION = '1.0.0';

/** Content type of a part. */
export const PART_TYPE = 'application/offset+octet-stream';

export const tusFacts = {
  'Tus-Resumable': TUS_VERSION,
  'Tus-Version': TUS_VERSION,
  'Tus-Extension': 'creation,creation-with-upload,termination,checksum,expiration',
  'Tus-Checksum-Algorithm': 'sha1,sha256,md5',
};

const algorithms = new Set(tusFacts['Tus-Checksum-Algorithm'].split(','));

export function isTus({ headers }: FastifyRequest): boolean {
  return headers['tus-resumable'] !== undefined;
}

/** 412 for a version that is not spoken here. */
export function checkVersion(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('Tus-Resumable', TUS_VERSION);
  const version = request.headers['tus-resumable'];
  if (version === TUS_VERSION) return;
  reply.header('Tus-Version', TUS_VERSION);
  throw httpError(412, `Tus-Resumable is ${String(version)}, not ${TUS_VERSION}`);
}

/** A header that is a number of bytes. */
export function bytesOf({ headers }: FastifyRequest, name: 'upload-length' | 'upload-offset'): number {
  const text = headers[name];
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw new ParleyError('request-invalid', `${name} is not a number of bytes`);
}

/** `Upload-Metadata`: names, each with a value in base64. */
export function metadataOf({ headers }: FastifyRequest): Map<string, string> {
  const text = headers['upload-metadata'];
  if (typeof text !== 'string') return new Map();
  return new Map(
    text.split(',').map((pair) => {
      const [key, value = ''] = pair.trim().split(' ', 2);
      return [key!, Buffer.from(value, 'base64').toString()];
    }),
  );
}

/** `Upload-Checksum`: algorithm and digest of one part. */
export function checksumOf({ headers }: FastifyRequest): Checksum | undefined {
  const text = headers['upload-checksum'];
  if (typeof text !== 'string') return undefined;
  const [algorithm = '', digest = ''] = text.split(' ', 2);
  if (algorithms.has(algorithm)) return { algorithm, digest: Buffer.from(digest, 'base64') };
  throw new ParleyError(
    'request-invalid',
    `checksums are ${[...algorithms].join(', ')}, not ${algorithm.slice(0, 40)}`,
  );
}
