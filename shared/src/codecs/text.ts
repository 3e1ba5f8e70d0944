import { ParleyError } from '../errors.ts';
import type { Codec } from './codec.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 text (RFC 3629), strict in both directions; a byte order mark is kept as the character it is. */
export const text: Codec<string> = {
  contentType: 'text/plain; charset=utf-8',
  encode: (value) => {
    if (value.isWellFormed()) return encoder.encode(value);
    throw new ParleyError('payload-invalid', 'text has a lone surrogate, which has no UTF-8 form');
  },
  decode: (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new ParleyError('payload-invalid', 'payload is not valid UTF-8', { cause });
    }
  },
};
