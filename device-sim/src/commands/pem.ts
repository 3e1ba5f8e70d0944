import { readFileSync } from 'node:fs';
import { coded, ParleyError } from '@parley/shared';

/** @throws ParleyError `certificate-unreadable` naming the option */
export function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ParleyError('certificate-unreadable', `${option}: ${coded(cause).message}`, { cause });
  }
}
