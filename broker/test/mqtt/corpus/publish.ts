import {
  MALFORMED,
  type MalformedRow,
  none,
  packet,
  PROTOCOL_ERROR,
  properties,
  refusal,
  text,
  uint16,
  VERSIONS,
} from './bytes.ts';

export function publishRows(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    const nothing = none(version);
    const malformed = refusal(version, MALFORMED);
    for (const first of [0x36, 0x37, 0x3e, 0x3f]) {
      const name = `PUBLISH ${first.toString(16)}, QoS 3`;
      const bytes = packet(first, text('a'), uint16(1), nothing, 'aa');
      rows.push({ name, version, clause: 'MQTT-3.3.1-4', bytes, expect: malformed });
    }
    for (const first of version === 3 ? [] : [0x38, 0x39]) {
      const bytes = packet(first, text('a'), nothing, 'aa');
      rows.push({
        name: `PUBLISH ${first.toString(16)}, DUP at QoS 0`,
        version,
        clause: 'MQTT-3.3.1-2',
        bytes,
        expect: malformed,
      });
    }
    for (const first of [0x32, 0x33, 0x34, 0x35, 0x3a, 0x3c]) {
      const bytes = packet(first, text('a'), uint16(0), nothing, 'aa');
      const expect = refusal(version, PROTOCOL_ERROR);
      rows.push({ name: `PUBLISH ${first.toString(16)}, packet id 0`, version, clause: 'MQTT-2.3.1-1', bytes, expect });
    }
    for (const topic of ['#', '+', 'a/#', 'a/+/b', '+/a', 'a#', 'a+b', '/#', '$SYS/#', 'é/+']) {
      const bytes = packet(0x30, text(topic), nothing, 'aa');
      rows.push({ name: `PUBLISH to '${topic}'`, version, clause: 'MQTT-3.3.2-2', bytes, expect: malformed });
    }
    const bytes = packet(0x30, text(''), nothing, 'aa');
    rows.push({
      name: 'PUBLISH to no topic',
      version,
      clause: 'MQTT-4.7.3-1',
      bytes,
      expect: refusal(version, PROTOCOL_ERROR),
    });
  }
  return [...rows, ...five()];
}

function five(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const add = (
    name: string,
    clause: string,
    expect: number,
    topic: string,
    ...parts: (number | string | Buffer)[]
  ): void => {
    rows.push({ name, version: 5, clause, expect, bytes: packet(0x30, text(topic), properties(...parts), 'aa') });
  };
  add('topic alias 0', 'MQTT-3.3.2-8', 0x94, 'a', 0x23, '0000');
  add('topic alias 0 without a topic', 'MQTT-3.3.2-8', 0x94, '', 0x23, '0000');
  add('subscription identifier from a client', 'MQTT-3.3.4-6', PROTOCOL_ERROR, 'a', 0x0b, 1);
  for (const topic of ['', '#', '+', 'a/#', 'a/+/b', 'a+']) {
    add(`response topic '${topic}'`, 'MQTT-3.3.2-14', PROTOCOL_ERROR, 'a', 0x08, text(topic));
  }
  for (const value of [2, 3, 0x7f, 0xff])
    add(`payload format ${value}`, '§3.3.2.3.2', PROTOCOL_ERROR, 'a', 0x01, value);
  return rows;
}
