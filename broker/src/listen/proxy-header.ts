import { isIP } from 'node:net';

/**
 * The header with which a proxy says whom a connection is from (HAProxy's PROXY protocol, versions 1 and 2,
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
 */
export interface ProxyHeader {
  /** Undefined when the proxy speaks for itself, as for its health checks. */
  readonly address: string | undefined;
  /** Bytes of the header. */
  readonly length: number;
}

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const V1_START = Buffer.from('PROXY ');
/** §2.1: the longest header of version 1. */
const V1_LONGEST = 107;
/** Addresses and a few TLVs; §2.2 allows 65 551, which no proxy sends. */
const V2_LONGEST = 4096;

/** The header at the beginning of the bytes; null while it is not whole, undefined when there is none. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | null | undefined {
  if (startsAlike(bytes, SIGNATURE)) return readV2(bytes);
  return startsAlike(bytes, V1_START) ? readV1(bytes) : undefined;
}

function startsAlike(bytes: Buffer, start: Buffer): boolean {
  const shorter = Math.min(bytes.length, start.length);
  return bytes.subarray(0, shorter).equals(start.subarray(0, shorter));
}

function readV1(bytes: Buffer): ProxyHeader | null | undefined {
  const end = bytes.subarray(0, V1_LONGEST).indexOf('\r\n');
  if (end < 0) return bytes.length < V1_LONGEST ? null : undefined;
  const [, protocol, source = ''] = bytes.subarray(0, end).toString('latin1').split(' ');
  const length = end + 2;
  if (protocol === 'UNKNOWN') return { address: undefined, length };
  const version = protocol === 'TCP4' ? 4 : protocol === 'TCP6' ? 6 : -1;
  return isIP(source) === version ? { address: source, length } : undefined;
}

function readV2(bytes: Buffer): ProxyHeader | null | undefined {
  if (bytes.length < 16) return null;
  const [command, family] = [bytes[12]!, bytes[13]! >> 4];
  const length = 16 + bytes.readUInt16BE(14);
  if (command >> 4 !== 2 || (command & 15) > 1 || length > V2_LONGEST) return undefined;
  if (bytes.length < length) return null;
  if ((command & 15) === 0 || (family !== 1 && family !== 2)) return { address: undefined, length };
  const size = family === 1 ? 4 : 16;
  if (length < 16 + size * 2 + 4) return undefined;
  return { address: toText(bytes.subarray(16, 16 + size)), length };
}

function toText(address: Buffer): string {
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => address.readUInt16BE(i * 2).toString(16));
  return groups.join(':');
}
