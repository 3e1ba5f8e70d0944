import {
  join,
  MALFORMED,
  type MalformedRow,
  packet,
  type Part,
  PROTOCOL_ERROR,
  properties,
  protocol,
  text,
  uint16,
  variable,
} from './bytes.ts';

/** A valid value of each property, and values out of its range. */
const PROPERTIES: Readonly<Record<number, { value: Buffer; bad?: readonly Part[] }>> = {
  0x01: { value: join(1), bad: [2, 0xff] },
  0x02: { value: join('00000001') },
  0x03: { value: text('p') },
  0x08: { value: text('p'), bad: [text('a/#'), text('+')] },
  0x09: { value: text('p') },
  0x0b: { value: join(1), bad: [0] },
  0x11: { value: join('00000001') },
  0x12: { value: text('p') },
  0x13: { value: uint16(5) },
  0x15: { value: text('p') },
  0x16: { value: text('p') },
  0x17: { value: join(1), bad: [2, 0xff] },
  0x18: { value: join('00000001') },
  0x19: { value: join(1), bad: [2, 0xff] },
  0x1a: { value: text('p') },
  0x1c: { value: text('p') },
  0x1f: { value: text('p') },
  0x21: { value: uint16(5), bad: [uint16(0)] },
  0x22: { value: uint16(5) },
  0x23: { value: uint16(1) },
  0x24: { value: join(0) },
  0x25: { value: join(0) },
  0x26: { value: join(text('k'), text('v')) },
  0x27: { value: join('00001000'), bad: ['00000000'] },
  0x28: { value: join(0) },
  0x29: { value: join(0) },
  0x2a: { value: join(0) },
};

interface Carrier {
  readonly name: string;
  readonly may: readonly number[];
  /** What has to be there in any case. */
  readonly needs?: Part;
  readonly wrap: (block: Buffer) => Buffer;
  readonly beforeConnect?: true;
}

const MESSAGE = [0x01, 0x02, 0x03, 0x08, 0x09, 0x26];
const head = join(protocol(5), 2, uint16(60));
const willHead = join(protocol(5), 6, uint16(60), 0, text('a'));

const CARRIERS: readonly Carrier[] = [
  {
    name: 'CONNECT',
    may: [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27],
    beforeConnect: true,
    wrap: (block) => packet(0x10, head, block, text('a')),
  },
  {
    name: 'will',
    may: [...MESSAGE, 0x18],
    beforeConnect: true,
    wrap: (block) => packet(0x10, willHead, block, text('w'), text('m')),
  },
  { name: 'PUBLISH QoS 0', may: [...MESSAGE, 0x23], wrap: (block) => packet(0x30, text('a'), block, 'aa') },
  { name: 'PUBLISH QoS 1', may: [...MESSAGE, 0x23], wrap: (block) => packet(0x32, text('a'), uint16(1), block, 'aa') },
  { name: 'PUBACK', may: [0x1f, 0x26], wrap: (block) => packet(0x40, uint16(1), 0, block) },
  { name: 'PUBREC', may: [0x1f, 0x26], wrap: (block) => packet(0x50, uint16(1), 0, block) },
  { name: 'PUBREL', may: [0x1f, 0x26], wrap: (block) => packet(0x62, uint16(1), 0, block) },
  { name: 'PUBCOMP', may: [0x1f, 0x26], wrap: (block) => packet(0x70, uint16(1), 0, block) },
  { name: 'SUBSCRIBE', may: [0x0b, 0x26], wrap: (block) => packet(0x82, uint16(1), block, text('a'), 0) },
  { name: 'UNSUBSCRIBE', may: [0x26], wrap: (block) => packet(0xa2, uint16(1), block, text('a')) },
  { name: 'DISCONNECT', may: [0x11, 0x1c, 0x1f, 0x26], wrap: (block) => packet(0xe0, 0, block) },
  { name: 'AUTH', may: [0x15, 0x16, 0x1f, 0x26], wrap: (block) => packet(0xf0, 0x18, block) },
];

/** Properties of MQTT 5 in every packet that has them. */
export function propertyRows(): MalformedRow[] {
  return [known, unknown, blocks].flatMap((rows) => CARRIERS.flatMap(rows));
}

type Verdict = Pick<MalformedRow, 'name' | 'clause' | 'expect'>;

function row(carrier: Carrier, verdict: Verdict, block: Buffer): MalformedRow {
  const base = {
    ...verdict,
    name: `${carrier.name}: ${verdict.name}`,
    version: 5 as const,
    bytes: carrier.wrap(block),
  };
  return carrier.beforeConnect ? { ...base, beforeConnect: true } : base;
}

function known(carrier: Carrier): MalformedRow[] {
  const rows: MalformedRow[] = [];
  for (const [key, { value, bad = [] }] of Object.entries(PROPERTIES)) {
    const id = Number(key);
    const name = `property 0x${id.toString(16)}`;
    const clause = '§2.2.2.2';
    const error = { clause, expect: PROTOCOL_ERROR };
    const allowed = carrier.may.includes(id);
    if (!allowed) rows.push(row(carrier, { ...error, name: `${name} not allowed` }, properties(id, value)));
    if (allowed && id !== 0x26) {
      rows.push(row(carrier, { ...error, name: `${name} twice` }, properties(id, value, id, value)));
      const apart = properties(id, value, 0x26, text('k'), text('v'), id, value);
      rows.push(row(carrier, { ...error, name: `${name} twice, apart` }, apart));
    }
    for (const wrong of allowed ? bad : []) {
      rows.push(row(carrier, { ...error, name: `${name} of ${join(wrong).toString('hex')}` }, properties(id, wrong)));
    }
    for (let length = 0; length < value.length; length++) {
      const cut = properties(id, value.subarray(0, length));
      rows.push(row(carrier, { clause, expect: MALFORMED, name: `${name} cut to ${length}` }, cut));
    }
  }
  return rows;
}

function unknown(carrier: Carrier): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const ids = Array.from({ length: 128 }, (_, id) => id).filter((id) => !PROPERTIES[id]);
  for (const id of [...ids, 128, 255, 16_383, 16_384, 2_097_151, 268_435_455]) {
    const verdict = { name: `unknown property ${id}`, clause: '§2.2.2.2', expect: MALFORMED };
    rows.push(row(carrier, verdict, properties(variable(id), 1)));
  }
  for (const id of ['8000', '8100', '8080808001', 'a600', 'ffffffff7f']) {
    const verdict = { name: `property identifier ${id}`, clause: 'MQTT-1.5.5-1', expect: MALFORMED };
    rows.push(row(carrier, verdict, properties(id, text('k'), text('v'))));
  }
  return rows;
}

/** The length before the properties. */
function blocks(carrier: Carrier): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const pair = join(0x26, text('k'), text('v'));
  for (const length of ['8000', '8700', '8080808001', 'ffffffff7f', 'ff', 'ffff7f', '06', '01', '7f']) {
    const verdict = { name: `property length ${length}`, clause: '§2.2.2.1', expect: MALFORMED };
    rows.push(row(carrier, verdict, join(length, pair)));
  }
  return rows;
}
