import type { Codec } from '../codecs/codec.ts';

/** The value, or undefined for a payload that is not of the codec: a peer's mistake, which is no one's here to handle. */
export function decoded<Value>(codec: Codec<Value>, payload: Uint8Array): Value | undefined {
  try {
    return codec.decode(payload);
  } catch {
    return undefined;
  }
}
