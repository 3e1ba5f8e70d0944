/** First byte of a frame (RFC 6455 §5.2): the last of its message, binary, no extension. */
const FINAL_BINARY = 0x82;

/** Lengths that follow in two and in eight bytes. */
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const MAX_UINT16 = 0xffff;

/** In a fan-out the same bytes go to one connection after the other. */
let last: { readonly payload: Buffer; readonly framed: Buffer } | undefined;

/** Bytes as one unmasked binary frame, as a server sends it; made once for all who get the same in one go. */
export function frame(payload: Buffer): Buffer {
  if (last?.payload === payload) return last.framed;
  if (!last) setImmediate(forget);
  last = { payload, framed: join(payload) };
  return last.framed;
}

function forget(): void {
  last = undefined;
}

function join(payload: Buffer): Buffer {
  const { length } = payload;
  const header = length < TWO_BYTES ? 2 : length <= MAX_UINT16 ? 4 : 10;
  const framed = Buffer.allocUnsafe(header + length);
  framed[0] = FINAL_BINARY;
  if (header === 2) framed[1] = length;
  else if (header === 4) {
    framed[1] = TWO_BYTES;
    framed.writeUInt16BE(length, 2);
  } else {
    framed[1] = EIGHT_BYTES;
    framed.writeUIntBE(0, 2, 2);
    framed.writeUIntBE(length, 4, 6);
  }
  framed.set(payload, header);
  return framed;
}
