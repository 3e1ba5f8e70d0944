import type { ProtocolVersion } from '../../../src/mqtt/packets.ts';
import { connect, join, MALFORMED, type MalformedRow, packet, PROTOCOL_ERROR, refusal, VERSIONS } from './bytes.ts';
import { fullConnect, bytesOf, validPackets } from './valid.ts';

const STRICT: readonly ProtocolVersion[] = [4, 5];
const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** Fixed headers: flags, types, lengths. */
export function headerRows(): MalformedRow[] {
  return [...flags(), ...types(), ...lengths(), ...cuts(), ...order()];
}

function flags(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of STRICT) {
    for (const valid of validPackets(version).filter(({ first }) => first >> 4 !== 3)) {
      for (let bits = 0; bits < 16; bits++) {
        const first = (valid.first & 0xf0) | bits;
        if (first === valid.first) continue;
        const bytes = bytesOf({ ...valid, first });
        const clause = version === 5 ? 'MQTT-2.1.3-1' : 'MQTT-2.2.2-2';
        rows.push({ name: `${valid.name} flags ${bits}`, version, clause, bytes, expect: refusal(version, MALFORMED) });
      }
    }
    for (let bits = 1; bits < 16; bits++) {
      const bytes = bytesOf({ ...fullConnect(version), first: 0x10 | bits });
      const expect = refusal(version, MALFORMED);
      rows.push({ name: `CONNECT flags ${bits}`, version, clause: 'MQTT-2.2.2-2', bytes, expect, beforeConnect: true });
    }
  }
  return rows;
}

function types(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (const [first, body] of [
      [0x20, '0000'],
      [0x90, '000700'],
      [0xb0, '0007'],
      [0xd0, ''],
    ] as const) {
      const name = `${hex(first)} from a client`;
      const expect = refusal(version, PROTOCOL_ERROR);
      rows.push({ name, version, clause: '§2.2.1', bytes: packet(first, body), expect });
    }
    for (const first of [0x00, 0x0f]) {
      const expect = refusal(version, MALFORMED);
      rows.push({ name: `type 0, ${hex(first)}`, version, clause: '§2.2.1', bytes: packet(first), expect });
    }
    if (version === 5) continue;
    rows.push({ name: 'AUTH in 3.x', version, clause: '§2.2.1', bytes: packet(0xf0), expect: 'close' });
    rows.push({ name: 'type 15 with a body', version, clause: '§2.2.1', bytes: packet(0xf0, '1800'), expect: 'close' });
  }
  return rows;
}

function lengths(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (const first of [0x30, 0x32, 0x40, 0x50, 0x62, 0x70, 0x82, 0xa2, 0xc0, 0xe0]) {
      const expect = refusal(version, MALFORMED);
      const name = `${hex(first)} remaining length of five bytes`;
      rows.push({ name, version, clause: '§2.2.3', bytes: join(first, '8080808001'), expect });
      rows.push({ name: `${name}, all ones`, version, clause: '§2.2.3', bytes: join(first, 'ffffffff7f'), expect });
    }
    rows.push({
      name: 'PUBLISH too large',
      version,
      clause: '§3.1.2.11.4',
      bytes: join('30 ffffff7f'),
      expect: refusal(version, 0x95),
    });
  }
  for (const [first, long] of [
    [0xc0, '8000'],
    [0xc0, '808000'],
    [0xe0, '80808000'],
    [0x40, '82000007'],
  ] as const) {
    const name = `${hex(first)} remaining length ${long} longer than needed`;
    rows.push({ name, version: 5, clause: 'MQTT-1.5.5-1', bytes: join(first, long), expect: MALFORMED });
  }
  const body = connect(5).subarray(2);
  const bytes = join(0x10, 0x80 | body.length, 0, body);
  rows.push({
    name: 'CONNECT length longer than needed',
    version: 5,
    clause: 'MQTT-1.5.5-1',
    bytes,
    expect: MALFORMED,
    beforeConnect: true,
  });
  return rows;
}

/** Bodies that end early or late, with a remaining length to match. */
function cuts(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (const valid of [fullConnect(version), ...validPackets(version)]) {
      const isConnect = valid.first === 0x10;
      const base = { version, clause: 'MQTT-4.8.0-1', ...(isConnect && { beforeConnect: true }) };
      for (let length = 0; length < valid.body.length; length++) {
        // AUTH without a body means success, which is the server's to say.
        const softer = length === valid.emptyAt || (valid.first === 0xf0 && length === 0);
        if (valid.wholeAt.includes(length)) continue;
        const bytes = bytesOf({ ...valid, body: valid.body.subarray(0, length) });
        // A version that was not reached cannot be answered in.
        const known = !isConnect || length > (version === 3 ? 8 : 6);
        const expect = known ? refusal(version, softer ? PROTOCOL_ERROR : MALFORMED) : 'close';
        rows.push({ ...base, name: `${valid.name} cut to ${length}`, bytes, expect });
      }
      if (valid.openEnd) continue;
      const bytes = bytesOf({ ...valid, body: join(valid.body, 'f0') });
      // One byte more is a reason code to acknowledgements of MQTT 5, one that does not exist.
      const coded = version === 5 && [2, 0].includes(valid.body.length) && valid.first !== 0xc0;
      const expect = refusal(version, coded ? PROTOCOL_ERROR : MALFORMED);
      rows.push({ ...base, name: `${valid.name} with a byte too many`, bytes, expect });
    }
  }
  return rows;
}

/** Packets at the wrong time. */
function order(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    rows.push({
      name: 'second CONNECT',
      version,
      clause: 'MQTT-3.1.0-2',
      bytes: connect(version),
      expect: refusal(version, PROTOCOL_ERROR),
    });
    for (const valid of validPackets(version)) {
      const name = `${valid.name} before CONNECT`;
      rows.push({ name, version, clause: 'MQTT-3.1.0-1', bytes: bytesOf(valid), expect: 'close', beforeConnect: true });
    }
  }
  const rest = { version: 4, clause: 'MQTT-3.1.0-1', expect: 'close', beforeConnect: true } as const;
  rows.push({ ...rest, name: 'HTTP instead of MQTT', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n') });
  rows.push({ ...rest, name: 'TLS instead of MQTT', bytes: join('16 0301 0200 01 0001fc 0303') });
  rows.push({ ...rest, name: 'zeros', bytes: Buffer.alloc(64) });
  rows.push({ ...rest, name: 'CONNECT too large', clause: '§2.2.3', bytes: join('10 ffffff7f') });
  rows.push({ ...rest, name: 'CONNECT length of five bytes', clause: '§2.2.3', bytes: join('10 8080808001') });
  return rows;
}
