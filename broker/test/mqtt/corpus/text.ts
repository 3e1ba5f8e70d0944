import {
  join,
  MALFORMED,
  type MalformedRow,
  none,
  packet,
  properties,
  protocol,
  refusal,
  text,
  uint16,
  VERSIONS,
} from './bytes.ts';

/** What is not a UTF-8 Encoded String. */
const BAD_TEXTS: readonly (readonly [name: string, clause: string, bytes: Buffer])[] = [
  ['U+0000', 'MQTT-1.5.3-2', join('610062')],
  ['only U+0000', 'MQTT-1.5.3-2', join('00')],
  ['U+0000 behind two-byte text', 'MQTT-1.5.3-2', join('c3a900')],
  ['U+0000 as C0 80', 'MQTT-1.5.3-2', join('61c08062')],
  ['surrogate U+D800', 'MQTT-1.5.3-1', join('61eda08062')],
  ['surrogate U+DBFF', 'MQTT-1.5.3-1', join('edafbf')],
  ['surrogate U+DC00', 'MQTT-1.5.3-1', join('edb080')],
  ['surrogate U+DFFF', 'MQTT-1.5.3-1', join('edbfbf')],
  ['surrogate pair in six bytes', 'MQTT-1.5.3-1', join('eda081edb080')],
  ['overlong slash in two bytes', 'MQTT-1.5.3-1', join('c0af')],
  ['overlong slash in three bytes', 'MQTT-1.5.3-1', join('e080af')],
  ['overlong slash in four bytes', 'MQTT-1.5.3-1', join('f08080af')],
  ['overlong U+007F', 'MQTT-1.5.3-1', join('c1bf')],
  ['above U+10FFFF', 'MQTT-1.5.3-1', join('f4908080')],
  ['five-byte form', 'MQTT-1.5.3-1', join('f888808080')],
  ['six-byte form', 'MQTT-1.5.3-1', join('fc8480808080')],
  ['FE', 'MQTT-1.5.3-1', join('fe')],
  ['FF', 'MQTT-1.5.3-1', join('61ff')],
  ['lone continuation', 'MQTT-1.5.3-1', join('8061')],
  ['cut two-byte form', 'MQTT-1.5.3-1', join('61c3')],
  ['cut three-byte form', 'MQTT-1.5.3-1', join('e282')],
  ['cut four-byte form', 'MQTT-1.5.3-1', join('f09f98')],
  ['Latin-1', 'MQTT-1.5.3-1', join('636166e9')],
];

/** Texts that are not UTF-8, in every field that is a text. */
export function textRows(): MalformedRow[] {
  return [inFields, inProperties].flatMap((rows) => BAD_TEXTS.flatMap((bad) => rows(...bad)));
}

function inFields(name: string, clause: string, bytes: Buffer): MalformedRow[] {
  const rows: MalformedRow[] = [];
  const bad = text(bytes);
  for (const version of VERSIONS) {
    const base = { version, clause, expect: refusal(version, MALFORMED) };
    const nothing = none(version);
    const early = { ...base, beforeConnect: true };
    const head = (flags: number): Buffer => join(protocol(version), flags, uint16(60), nothing);
    rows.push(
      { ...base, name: `topic with ${name}`, bytes: packet(0x30, bad, nothing, 'aa') },
      { ...base, name: `filter with ${name}`, bytes: packet(0x82, uint16(1), nothing, bad, 0) },
      { ...base, name: `filter to leave with ${name}`, bytes: packet(0xa2, uint16(1), nothing, bad) },
      { ...early, name: `client id with ${name}`, bytes: packet(0x10, head(2), bad) },
      { ...early, name: `will topic with ${name}`, bytes: packet(0x10, head(6), text('a'), nothing, bad, text('m')) },
      { ...early, name: `user name with ${name}`, bytes: packet(0x10, head(0x82), text('a'), bad) },
      {
        ...early,
        name: `protocol name with ${name}`,
        expect: 'close',
        bytes: packet(0x10, bad, version, 2, uint16(60), nothing, text('a')),
      },
    );
  }
  return rows;
}

function inProperties(name: string, clause: string, bytes: Buffer): MalformedRow[] {
  const bad = text(bytes);
  const base = { version: 5, clause, expect: MALFORMED } as const;
  const publish = (what: string, ...parts: (number | Buffer)[]): MalformedRow => ({
    ...base,
    name: `${what} with ${name}`,
    bytes: packet(0x30, text('a'), properties(...parts), 'aa'),
  });
  return [
    publish('content type', 0x03, bad),
    publish('response topic', 0x08, bad),
    publish('user property name', 0x26, bad, text('v')),
    publish('user property value', 0x26, text('k'), bad),
    { ...base, name: `reason string with ${name}`, bytes: packet(0x40, uint16(1), 0, properties(0x1f, bad)) },
    { ...base, name: `authentication method with ${name}`, bytes: packet(0xf0, 0x18, properties(0x15, bad)) },
  ];
}
