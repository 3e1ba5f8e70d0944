import { createHash } from 'node:crypto';

/*
 * Keys of the embedded store, bytes in a string. What belongs to a session begins with a number of its own instead of its
 * client id: it is shorter, and a session that ends and begins anew never meets rows of its former life.
 *
 *   M <name>                     schema and id of the store
 *   S <client id>                session record and its number
 *   N <number> F <filter>        subscription
 *   N <number> K <seq>           delivery mark
 *   N <number> Q <seq>           queue entry
 *   N <number> R <packet id>     QoS 2 id received
 *   B <number>                   message shared by several queue entries
 *   P <topic>                    retained message
 *   W <client id>                will
 *   T <table> <key>              row of a feature
 */
export const META = 'M';
export const SESSION = 'S';
export const OF_SESSION = 'N';
export const SHARED = 'B';
export const RETAINED = 'P';
export const WILL = 'W';
export const TABLE = 'T';

export const FILTER = 'F';
export const MARK = 'K';
export const ENTRY = 'Q';
export const RECEIVED = 'R';

/** Above it a name is replaced by its hash: MQTT allows 65 535 bytes, LMDB 1978. */
const MAX_NAME_BYTES = 512;
/** Of a session or shared message: 10^12 of them do not come about. */
const NUMBER_BYTES = 5;
/** As many as a safe integer has. */
const SEQ_BYTES = 7;

/** A name that MQTT may make longer than a key can be, with something in front that no such name has. */
export function nameKey(kind: string, name: string): string {
  const bytes = Buffer.from(name).toString('latin1');
  if (bytes.length <= MAX_NAME_BYTES) return kind + bytes;
  return `${kind}\0${createHash('sha256').update(name).digest('binary')}`;
}

/** The name in such a key; undefined when only its hash is there. */
export function nameOf(key: string): string | undefined {
  return key[1] === '\0' ? undefined : Buffer.from(key.slice(1), 'latin1').toString();
}

export function sessionPrefix(number: number): string {
  return OF_SESSION + fixed(number);
}

export function seqKey(number: number, kind: string, seq: number): string {
  return OF_SESSION + fixed(number) + kind + fixedSeq(seq);
}

export function filterKey(number: number, filter: string): string {
  return OF_SESSION + fixed(number) + nameKey(FILTER, filter);
}

export function sharedKey(number: number): string {
  return SHARED + fixed(number);
}

/** Session number, kind and, but for filters, the number of a session's row. */
export function parseSessionRow(key: string): { number: number; kind: string; seq: number } {
  const at = 1 + NUMBER_BYTES;
  return { number: readFixed(key, 1, NUMBER_BYTES), kind: key[at]!, seq: readFixed(key, at + 1, SEQ_BYTES) };
}

export function sharedNumberOf(key: string): number {
  return readFixed(key, 1, NUMBER_BYTES);
}

/** Fixed width, so that byte order is numeric order. */
function fixed(value: number): string {
  const high = Math.floor(value / 0x1000000);
  return String.fromCharCode(high >>> 8, high & 0xff) + low(value);
}

function fixedSeq(value: number): string {
  const high = Math.floor(value / 0x1000000);
  return String.fromCharCode(high >>> 24, (high >>> 16) & 0xff, (high >>> 8) & 0xff, high & 0xff) + low(value);
}

/** The lowest 24 bits. */
function low(value: number): string {
  return String.fromCharCode((value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function readFixed(key: string, start: number, bytes: number): number {
  let value = 0;
  for (let at = start; at < start + bytes; at++) value = value * 256 + key.charCodeAt(at);
  return value;
}
