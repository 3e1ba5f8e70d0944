import type { ProtocolVersion } from '../../../src/mqtt/packets.ts';

/** One refused sequence of bytes. */
export interface MalformedRow {
  readonly name: string;
  readonly version: ProtocolVersion;
  /** The statement broken. */
  readonly clause: string;
  /** To send once connected with `version`, or, with `beforeConnect`, on a new connection. */
  readonly bytes: Buffer;
  /**
   * MQTT 5: the reason code of the DISCONNECT, or of the CONNACK with `beforeConnect`. 3.x: `close`, or, with
   * `beforeConnect`, the CONNACK return code. `close` in MQTT 5: no answer may be given.
   */
  readonly expect: number | 'close';
  readonly beforeConnect?: boolean;
}

export type Part = number | string | Uint8Array;

export const MALFORMED = 0x81;
export const PROTOCOL_ERROR = 0x82;

/** Numbers are bytes, strings hexadecimal digits with any spaces. */
export function join(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(toBytes));
}

function toBytes(part: Part): Uint8Array {
  if (typeof part === 'number') return Buffer.from([part]);
  return typeof part === 'string' ? Buffer.from(part.replaceAll(' ', ''), 'hex') : part;
}

export function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

export function variable(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest > 127 ? 128 : 0));
    if (rest < 128) return Buffer.from(bytes);
  }
}

/** A packet with the right remaining length. */
export function packet(first: number, ...body: readonly Part[]): Buffer {
  const bytes = join(...body);
  return join(first, variable(bytes.length), bytes);
}

/** Properties with the right length before them. */
export function properties(...parts: readonly Part[]): Buffer {
  const bytes = join(...parts);
  return join(variable(bytes.length), bytes);
}

/** The property length of MQTT 5, nothing in 3.x. */
export function none(version: ProtocolVersion): Buffer {
  return version === 5 ? join(0) : join();
}

/** What a refusal is called in `version`. */
export function refusal(version: ProtocolVersion, reasonCode: number): number | 'close' {
  return version === 5 ? reasonCode : 'close';
}

export function protocol(version: ProtocolVersion): Buffer {
  return join(text(version === 3 ? 'MQIsdp' : 'MQTT'), version);
}

/** A plain valid CONNECT. */
export function connect(version: ProtocolVersion, clientId = 'corpus'): Buffer {
  return packet(0x10, protocol(version), 0x02, uint16(60), none(version), text(clientId));
}

export const VERSIONS: readonly ProtocolVersion[] = [3, 4, 5];
