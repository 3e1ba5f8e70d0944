import { resolveSenml, senmlCbor, senmlJson } from '@parley/shared';
import type { SenmlPack, SenmlRecord } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex, refusal, utf8 } from '../support.ts';

const number = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
  .filter((one) => !Object.is(one, -0));
const bytes = fc.uint8Array({ maxLength: 12 }).map((one) => Buffer.from(one).toString('base64url'));
const value: fc.Arbitrary<SenmlRecord> = fc.oneof(
  fc.record({ v: number }),
  fc.record({ vs: fc.string({ unit: 'grapheme' }) }),
  fc.record({ vb: fc.boolean() }),
  fc.record({ vd: bytes }),
  fc.record({ s: number }),
);
const rest = fc.record(
  {
    u: fc.string({ unit: 'grapheme' }),
    bu: fc.string({ unit: 'grapheme' }),
    t: number,
    bt: number,
    ut: number,
    bv: number,
    bs: number,
  },
  { requiredKeys: [] },
);
const record = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9\-:./_]{0,20}$/), value, rest)
  .map(([n, one, other]): SenmlRecord => Object.assign(one, other, { n }));
const pack: fc.Arbitrary<SenmlPack> = fc.array(record, { minLength: 1, maxLength: 5 });

function decode(source: unknown): SenmlPack {
  return senmlJson.decode(utf8(JSON.stringify(source)));
}

describe('senml', () => {
  for (const [format, codec] of [
    ['JSON', senmlJson],
    ['CBOR', senmlCbor],
  ] as const) {
    it(`gives back every pack it wrote in ${format}`, () => {
      fc.assert(
        fc.property(pack, (one) => {
          expect(codec.decode(codec.encode(one))).to.deep.equal(one);
        }),
      );
    });

    it(`answers or refuses any bytes as ${format}`, () => {
      fc.assert(fc.property(fc.uint8Array(), (any) => decodesOrRefuses(() => codec.decode(any))));
    });

    it(`answers or refuses a pack in ${format} with a byte changed`, () => {
      fc.assert(
        fc.property(pack, fc.nat(), fc.nat(255), (one, at, byte) => {
          const changed = Uint8Array.from(codec.encode(one));
          changed[at % changed.length] = byte;

          decodesOrRefuses(() => codec.decode(changed));
        }),
      );
    });
  }

  it('refuses what is no pack of records', () => {
    for (const bad of [
      {},
      [],
      [1],
      [[]],
      [{ n: 'a', v: '1' }],
      [{ n: 'a', v: 1, bver: 11 }],
      [{ n: 'a', vd: 'a+b=' }],
    ]) {
      expect(refusal(() => decode(bad)).code, JSON.stringify(bad)).to.equal('payload-invalid');
    }
    expect(refusal(() => decode([{ n: 'a', vd: 'a' }])).message).to.match(/at 0\.vd: expected base64url/);
  });

  it('refuses a record without a name, without a value, or with two', () => {
    expect(refusal(() => decode([{ v: 1 }])).message).to.equal('SenML record 0: "" is no name');
    expect(refusal(() => decode([{ n: 'ä', v: 1 }])).message).to.equal('SenML record 0: "ä" is no name');
    expect(refusal(() => decode([{ n: 'a', v: 1 }, { n: 'b' }])).message).to.match(/record 1: neither a value nor/);
    expect(refusal(() => decode([{ n: 'a', v: 1, vs: 'x' }])).message).to.match(/more than one value/);
  });

  it('passes over fields it does not know, except those that must be understood (§4.4)', () => {
    expect(decode([{ n: 'a', v: 1, later: true }])).to.deep.equal([{ n: 'a', v: 1 }]);
    expect(refusal(() => decode([{ n: 'a', v: 1, later_: true }])).message).to.match(/later_ must be understood/);
  });

  it('reads in CBOR only labels of table 4, and extensions as text (§6)', () => {
    expect(senmlCbor.decode(fromHex('81 a3 00 6161 02 01 6178 02'))).to.deep.equal([{ n: 'a', v: 1 }]);
    expect(refusal(() => senmlCbor.decode(fromHex('81 a3 00 6161 02 01 09 02'))).code).to.equal('payload-invalid');
    expect(refusal(() => senmlCbor.decode(fromHex('81 a3 00 6161 02 01 62785f 02'))).code).to.equal('payload-invalid');
  });

  it('takes bytes in CBOR as a data value and nowhere else', () => {
    expect(senmlCbor.decode(fromHex('81 a2 00 6161 08 42 fbff'))).to.deep.equal([{ n: 'a', vd: '-_8' }]);
    expect(refusal(() => senmlCbor.decode(fromHex('81 a2 00 6161 08 62 6162'))).message).to.match(/not a byte string/);
    expect(refusal(() => senmlCbor.decode(fromHex('81 a2 00 41 61 02 01'))).message).to.match(/0\.n: expected string/);
  });

  it('adds base values to every record that follows, until they change', () => {
    const resolved = resolveSenml(
      [
        { bn: 'x:', bt: 1e9, bu: 'Cel', bv: 20, n: 'a', v: 1 },
        { n: 'b', u: 'V', t: -5, v: 2 },
        { bn: 'y:', bs: 10, n: 'c', s: 1 },
      ],
      0,
    );

    expect(resolved).to.deep.equal([
      { name: 'x:a', time: 1e9, unit: 'Cel', value: 21 },
      { name: 'x:b', time: 1e9 - 5, unit: 'V', value: 22 },
      { name: 'y:c', time: 1e9, unit: 'Cel', sum: 11 },
    ]);
  });

  it('takes times below 2^28 as relative to now (§4.5.3)', () => {
    const times = resolveSenml(
      [
        { n: 'a', v: 1 },
        { n: 'a', v: 1, t: -60 },
        { n: 'a', v: 1, t: 2 ** 28 },
      ],
      1e9,
    );

    expect(times.map(({ time }) => time)).to.deep.equal([1e9, 1e9 - 60, 2 ** 28]);
  });

  it('refuses a sum of base and value that is no number any more', () => {
    expect(refusal(() => decode([{ n: 'a', bv: 1e308, v: 1e308 }])).message).to.match(/beyond all numbers/);
  });
});
