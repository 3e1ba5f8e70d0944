import type { ProtocolVersion } from '../../../src/mqtt/packets.ts';
import {
  join,
  MALFORMED,
  type MalformedRow,
  none,
  packet,
  type Part,
  PROTOCOL_ERROR,
  properties,
  protocol,
  refusal,
  text,
  uint16,
  VERSIONS,
} from './bytes.ts';

type Verdict = Pick<MalformedRow, 'name' | 'clause' | 'expect'>;

function row(version: ProtocolVersion, verdict: Verdict, ...body: readonly Part[]): MalformedRow {
  return { ...verdict, version, bytes: packet(0x10, ...body), beforeConnect: true };
}

export function connectRows(): MalformedRow[] {
  return [...protocols(), ...flags(), ...clientIds(), ...wills(), ...authentication()];
}

function protocols(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const rest = join(2, uint16(60), text('a'));
  for (const name of ['', 'MQT', 'MQTTT', 'mqtt', 'MQTt', 'MQisdp', 'MQIsd', 'HTTP', 'AMQP', 'MQTT ']) {
    rows.push(
      row(4, { name: `protocol name '${name}'`, clause: 'MQTT-3.1.2-1', expect: 'close' }, text(name), 4, rest),
    );
  }
  for (const level of [0, 1, 2, 3, 6, 7, 0x7f, 0x80, 0x83, 0x85, 0xff]) {
    rows.push(row(4, { name: `MQTT level ${level}`, clause: 'MQTT-3.1.2-2', expect: 1 }, text('MQTT'), level, rest));
  }
  for (const level of [0, 2, 4, 5, 0x80, 0x84, 0x85]) {
    rows.push(
      row(3, { name: `MQIsdp level ${level}`, clause: 'MQTT-3.1.2-2', expect: 1 }, text('MQIsdp'), level, rest),
    );
  }
  return rows;
}

/** Every combination of the eight connect flags that is not allowed, with the fields it asks for. */
function flags(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (let bits = 0; bits < 256; bits++) {
      const clause = brokenBy(bits, version);
      if (!clause) continue;
      const fields = [text('a'), ...payload(bits, version)];
      const verdict = { name: `connect flags 0x${bits.toString(16)}`, clause, expect: refusal(version, MALFORMED) };
      rows.push(row(version, verdict, protocol(version), bits, uint16(60), none(version), ...fields));
    }
  }
  return rows;
}

function brokenBy(bits: number, version: ProtocolVersion): string | undefined {
  const will = (bits & 4) !== 0;
  if (will && (bits & 0x18) === 0x18) return version === 5 ? 'MQTT-3.1.2-12' : 'MQTT-3.1.2-14';
  if (version === 3) return undefined;
  if ((bits & 1) !== 0) return 'MQTT-3.1.2-3';
  if (!will && (bits & 0x18) !== 0) return version === 5 ? 'MQTT-3.1.2-11' : 'MQTT-3.1.2-13';
  if (!will && (bits & 0x20) !== 0) return version === 5 ? 'MQTT-3.1.2-13' : 'MQTT-3.1.2-15';
  return version === 4 && (bits & 0xc0) === 0x40 ? 'MQTT-3.1.2-22' : undefined;
}

function payload(bits: number, version: ProtocolVersion): Part[] {
  const parts: Part[] = [];
  if ((bits & 4) !== 0) parts.push(none(version), text('w'), text('m'));
  if ((bits & 0x80) !== 0) parts.push(text('user'));
  if ((bits & 0x40) !== 0) parts.push(text('password'));
  return parts;
}

function clientIds(): MalformedRow[] {
  return [emptyId(3, 0, 'v3.1 §3.1'), emptyId(3, 2, 'v3.1 §3.1'), emptyId(4, 0, 'MQTT-3.1.3-8')];
}

function emptyId(version: ProtocolVersion, bits: number, clause: string): MalformedRow {
  const verdict = { name: `empty client id, flags ${bits}`, clause, expect: 2 };
  return row(version, verdict, protocol(version), bits, uint16(60), text(''));
}

function wills(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (const topic of ['', '#', '+', 'a/#', 'a/+', 'a+', '#a', '/+/']) {
      const verdict = { name: `will topic '${topic}'`, clause: 'MQTT-4.7.1-1', expect: refusal(version, MALFORMED) };
      const nothing = none(version);
      rows.push(
        row(version, verdict, protocol(version), 6, '003c', nothing, text('a'), nothing, text(topic), text('m')),
      );
    }
  }
  return rows;
}

function authentication(): MalformedRow[] {
  const head = [protocol(5), 2, '003c'];
  const verdict = { name: 'authentication data without a method', clause: '§3.1.2.11.10', expect: PROTOCOL_ERROR };
  return [row(5, verdict, ...head, properties(0x16, text('data')), text('a'))];
}
