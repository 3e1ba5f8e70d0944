/** 32-bit FNV-1a of bytes, on top of another hash. */
export function fingerprint(bytes: Uint8Array, hash = 0x811c9dc5): number {
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  return hash >>> 0;
}

/** Of everything a run did, in its order: two runs with the same one took the same readings at the same ticks. */
export class Digest {
  #one = 0x811c9dc5;
  #other = 0x1b873593;

  add(text: string, bytes?: Uint8Array): void {
    for (let index = 0; index < text.length; index++) this.#mix(text.charCodeAt(index));
    if (bytes) for (let index = 0; index < bytes.length; index++) this.#mix(bytes[index]!);
  }

  toString(): string {
    return [this.#one, this.#other].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #mix(code: number): void {
    this.#one = Math.imul(this.#one ^ code, 0x01000193);
    this.#other = Math.imul(this.#other + code, 0x5bd1e995) ^ (this.#other >>> 15);
  }
}
