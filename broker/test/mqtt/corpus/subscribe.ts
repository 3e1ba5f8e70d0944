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

const BAD_FILTERS = [
  '',
  'a#',
  '#a',
  'a/#/b',
  '#/',
  '##',
  'a/b#',
  '+a',
  'a+',
  'a/+b',
  'a/b+/c',
  '++',
  '+/#a',
  '/a#',
  '#+',
  '+#',
];
const BAD_SHARES = [
  '$share/',
  '$share//',
  '$share//a',
  '$share/g',
  '$share/g/',
  '$share/+/a',
  '$share/#',
  '$share/#/a',
  '$share/g+/a',
  '$share/g#/a',
  '$share/g/a#',
  '$share/g/#/a',
  '$share/g/a+',
];

export function subscribeRows(): MalformedRow[] {
  return [...filters(), ...options(), ...empties()];
}

function filters(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    const head = [uint16(5), none(version)];
    const expect = refusal(version, MALFORMED);
    for (const filter of [...BAD_FILTERS, ...BAD_SHARES]) {
      const clause = filter.startsWith('$') ? 'MQTT-4.8.2-2' : 'MQTT-4.7.1-2';
      const good = text('good/+');
      rows.push({
        name: `SUBSCRIBE '${filter}'`,
        version,
        clause,
        expect,
        bytes: packet(0x82, ...head, text(filter), 0),
      });
      rows.push({
        name: `SUBSCRIBE good and '${filter}'`,
        version,
        clause,
        expect,
        bytes: packet(0x82, ...head, good, 1, text(filter), 0),
      });
      rows.push({
        name: `UNSUBSCRIBE '${filter}'`,
        version,
        clause,
        expect,
        bytes: packet(0xa2, ...head, text(filter)),
      });
    }
  }
  return rows;
}

/** Every options byte that is not allowed. */
function options(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (let bits = 0; bits < 256; bits++) {
      const bytes = packet(0x82, uint16(5), none(version), text('a'), bits);
      const name = `subscription options 0x${bits.toString(16)}`;
      if (version === 5) {
        const reserved = (bits & 0xc0) !== 0;
        if (!reserved && (bits & 3) !== 3 && (bits & 0x30) !== 0x30) continue;
        rows.push({
          name,
          version,
          clause: reserved ? 'MQTT-3.8.3-5' : '§3.8.3.1',
          bytes,
          expect: reserved ? MALFORMED : PROTOCOL_ERROR,
        });
      } else if ((bits & 3) === 3 || (version === 4 && bits > 2)) {
        rows.push({ name, version, clause: 'MQTT-3.8.3-4', bytes, expect: 'close' });
      }
    }
  }
  for (const bits of [0x04, 0x05, 0x06, 0x0c, 0x2e]) {
    const bytes = packet(0x82, uint16(5), 0, text('$share/g/a'), bits);
    rows.push({
      name: `no-local on a share, 0x${bits.toString(16)}`,
      version: 5,
      clause: 'MQTT-3.8.3-4',
      bytes,
      expect: PROTOCOL_ERROR,
    });
  }
  return rows;
}

function empties(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    const expect = refusal(version, PROTOCOL_ERROR);
    for (const [first, name, tail] of [
      [0x82, 'SUBSCRIBE', '00'],
      [0xa2, 'UNSUBSCRIBE', ''],
    ] as const) {
      const clause = first === 0x82 ? 'MQTT-3.8.3-3' : 'MQTT-3.10.3-2';
      rows.push({
        name: `${name} without filters`,
        version,
        clause,
        expect,
        bytes: packet(first, uint16(5), none(version)),
      });
      const bytes = packet(first, uint16(0), none(version), text('a'), tail);
      rows.push({ name: `${name} with packet id 0`, version, clause: 'MQTT-2.3.1-1', expect, bytes });
    }
  }
  const bytes = packet(0x82, uint16(5), properties(0x0b, 0), text('a'), 0);
  rows.push({ name: 'subscription identifier 0', version: 5, clause: '§3.8.2.1.2', expect: PROTOCOL_ERROR, bytes });
  return rows;
}
