import { cbor } from '@parley/shared';
import type { CborValue } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex, refusal } from '../support.ts';

/** Without -0, which is written as the integer 0. */
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, undefined),
  fc.double().filter((one) => !Object.is(one, -0)),
  fc.maxSafeInteger().filter((one) => !Object.is(one, -0)),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.string({ unit: 'binary' }),
  fc.uint8Array(),
);

const { value } = fc.letrec<{ value: CborValue }>((again) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar as fc.Arbitrary<CborValue>,
    fc.array(again('value')),
    fc.array(fc.tuple(fc.string({ unit: 'binary' }), again('value'))).map((entries) => new Map(entries)),
    fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), again('value'))).map((entries) => new Map(entries)),
  ),
}));

describe('cbor', () => {
  it('gives back every value it wrote, maps as Map', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(cbor.decode(cbor.encode(one))).to.deep.equal(one);
      }),
    );
  });

  it('writes the examples of RFC 8949 appendix A', () => {
    const examples: [CborValue, string][] = [
      [1000000, '1a000f4240'],
      [-1000, '3903e7'],
      [1.1, 'fb3ff199999999999a'],
      [18446744073709551615n, '1bffffffffffffffff'],
      ['ü', '62c3bc'],
      [new Uint8Array([1, 2, 3, 4]), '4401020304'],
      [[1, [2, 3]], '8201820203'],
      [
        new Map<CborValue, CborValue>([
          [1, 2],
          [3, 4],
        ]),
        'a201020304',
      ],
    ];

    for (const [one, hex] of examples) expect(Buffer.from(cbor.encode(one)).toString('hex')).to.equal(hex);
  });

  it('reads decimal fractions as the number they are in JSON', () => {
    expect(cbor.decode(fromHex('c4 82 21 196ab3'))).to.equal(273.15);
    expect(cbor.decode(fromHex('c4 82 38 30 1b ffffffffffffffff'))).to.equal(Number('18446744073709551615e-49'));
    for (const bad of ['c4 01', 'c4 81 01', 'c4 82 01 f9 3e00', 'c4 82 61 31 01']) {
      expect(refusal(() => cbor.decode(fromHex(bad))).code, bad).to.equal('payload-invalid');
    }
  });

  it('refuses other tags, repeated keys, trailing bytes and lengths beyond the payload', () => {
    for (const bad of ['c1 00', 'a2 00 01 00 02', '00 00', '9b 0000000100000000', '5b 0000000100000000', '']) {
      expect(refusal(() => cbor.decode(fromHex(bad))).code, bad).to.equal('payload-invalid');
    }
  });

  it('refuses what is nested too deeply, and a text that has no UTF-8 form', () => {
    expect(refusal(() => cbor.decode(new Uint8Array(100_000).fill(0x81))).code).to.equal('payload-invalid');
    expect(refusal(() => cbor.encode(['\ud800'])).code).to.equal('payload-invalid');
    expect(refusal(() => cbor.encode({ '\ud800': 1 })).code).to.equal('payload-invalid');
  });

  it('answers or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => decodesOrRefuses(() => cbor.decode(bytes))),
      { numRuns: 1000 },
    );
  });

  it('answers or refuses what it wrote with a byte changed', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(255), (one, at, byte) => {
        const bytes = Uint8Array.from(cbor.encode(one));
        bytes[at % bytes.length] = byte;

        decodesOrRefuses(() => cbor.decode(bytes));
      }),
    );
  });
});
