import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ParleyError } from '@parley/shared';
import type { HubOptions } from '../options/table.ts';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The configured certificate and key, or undefined without one.
 * @throws ParleyError `certificate-unreadable`
 */
export function readCertificate({ tlsCert, tlsKey }: Pick<HubOptions, 'tlsCert' | 'tlsKey'>): Certificate | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const certificate = { cert: read(tlsCert, 'tlsCert'), key: read(tlsKey, 'tlsKey') };
  try {
    createSecureContext(certificate);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new ParleyError('certificate-unreadable', `tlsCert ${tlsCert} with tlsKey ${tlsKey}: ${reason}`, { cause });
  }
  return certificate;
}

function read(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ParleyError('certificate-unreadable', `${option} ${file}: ${(cause as Error).message}`, { cause });
  }
}
