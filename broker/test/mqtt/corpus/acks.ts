import {
  MALFORMED,
  type MalformedRow,
  packet,
  PROTOCOL_ERROR,
  properties,
  refusal,
  text,
  uint16,
  VERSIONS,
} from './bytes.ts';

// Written out again rather than imported: the table checks the decoder's.
const RECEIVED = new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
const RELEASED = new Set([0x00, 0x92]);
const DISCONNECTED = new Set([0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]);
const AUTHENTICATING = new Set([0x18, 0x19]);
const NAMES: Readonly<Record<number, string>> = { 0x40: 'PUBACK', 0x50: 'PUBREC', 0x62: 'PUBREL', 0x70: 'PUBCOMP' };

export function ackRows(): MalformedRow[] {
  return [...identifiers(), ...reasons(), ...authentications()];
}

function identifiers(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const version of VERSIONS) {
    for (const [first, name] of Object.entries(NAMES)) {
      const base = { version, clause: 'MQTT-2.3.1-1' };
      const bytes = packet(Number(first), uint16(0));
      rows.push({ ...base, name: `${name} with packet id 0`, bytes, expect: refusal(version, PROTOCOL_ERROR) });
      if (version === 5) continue;
      const longer = packet(Number(first), uint16(1), '00');
      rows.push({ ...base, name: `${name} with a reason in 3.x`, clause: '§3.4.1', bytes: longer, expect: 'close' });
    }
    if (version === 5) continue;
    const withReason = packet(0xe0, '0000');
    rows.push({
      name: 'DISCONNECT with a body in 3.x',
      version,
      clause: '§3.14.1',
      bytes: withReason,
      expect: 'close',
    });
    rows.push({ name: 'PINGREQ with a body', version, clause: '§3.12.1', bytes: packet(0xc0, '00'), expect: 'close' });
  }
  rows.push({
    name: 'PINGREQ with a body',
    version: 5,
    clause: '§3.12.1',
    bytes: packet(0xc0, '00'),
    expect: MALFORMED,
  });
  return rows;
}

/** Every one of the 256 reason codes that is not for the packet. */
function reasons(): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const base = { version: 5, expect: PROTOCOL_ERROR } as const;
  for (let code = 0; code < 256; code++) {
    const hex = `0x${code.toString(16)}`;
    for (const [first, name] of Object.entries(NAMES)) {
      if ((Number(first) < 0x60 ? RECEIVED : RELEASED).has(code)) continue;
      const clause = `MQTT-3.${Number(first) >> 4}.2-1`;
      rows.push({ ...base, name: `${name} reason ${hex}`, clause, bytes: packet(Number(first), uint16(1), code) });
    }
    if (!DISCONNECTED.has(code)) {
      rows.push({ ...base, name: `DISCONNECT reason ${hex}`, clause: 'MQTT-3.14.2-1', bytes: packet(0xe0, code) });
    }
    if (!AUTHENTICATING.has(code)) {
      const bytes = packet(0xf0, code, properties(0x15, text('m')));
      rows.push({ ...base, name: `AUTH reason ${hex}`, clause: 'MQTT-3.15.2-1', bytes });
    }
  }
  return rows;
}

function authentications(): MalformedRow[] {
  const base = { version: 5, clause: '§3.15.2.2.2', expect: PROTOCOL_ERROR } as const;
  return [
    { ...base, name: 'AUTH without a body', bytes: packet(0xf0) },
    { ...base, name: 'AUTH without a method', bytes: packet(0xf0, 0x18, 0) },
    { ...base, name: 'AUTH with data alone', bytes: packet(0xf0, 0x18, properties(0x16, text('d'))) },
  ];
}
