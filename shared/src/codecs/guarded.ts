import { ParleyError } from '../errors.ts';

/** What a foreign parser throws, as the one code that malformed payloads have, with its own words. */
export function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ParleyError('payload-invalid', `${what}: ${(cause as Error).message}`, { cause });
  }
}
