import type { Codec } from '@parley/shared';

/** The value, or undefined for a payload that is not of this topic: anyone may publish anything. */
export function decoded<Value>(codec: Codec<Value>, payload: Uint8Array): Value | undefined {
  try {
    return codec.decode(payload);
  } catch {
    return undefined;
  }
}
