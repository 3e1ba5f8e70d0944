import { isJsonObject, json } from '@parley/shared';
import type { Json } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, refusal, utf8 } from '../support.ts';

/** Printed and parsed once, since JSON has one zero. */
const value = fc.json().map((source) => JSON.parse(JSON.stringify(JSON.parse(source))) as Json);

function nested(levels: number): Uint8Array {
  return utf8('['.repeat(levels) + ']'.repeat(levels));
}

describe('json', () => {
  it('gives back every value it wrote', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(json.decode(json.encode(one))).to.deep.equal(one);
      }),
    );
  });

  it('says in the words of the parser what is wrong', () => {
    const error = refusal(() => json.decode(utf8('{"a":}')));

    expect(error.code).to.equal('payload-invalid');
    expect(error.message).to.match(/^payload is not JSON: Unexpected token/);
  });

  it('refuses what is nested deeper than anything that walks it can go', () => {
    expect(refusal(() => json.decode(nested(100_000))).message).to.equal('payload is JSON of more than 128 levels');
    expect(refusal(() => json.decode(nested(129))).code).to.equal('payload-invalid');
    expect(json.decode(nested(128))).to.be.an('array');
  });

  it('refuses to write what JSON cannot hold', () => {
    const circular: Json[] = [];
    circular.push(circular);

    expect(refusal(() => json.encode(circular)).code).to.equal('payload-invalid');
    expect(refusal(() => json.encode(1n as unknown as Json)).code).to.equal('payload-invalid');
  });

  it('lets a __proto__ key be a key and nothing else', () => {
    const decoded = json.decode(utf8('{"__proto__":{"admin":true}}'));

    expect((decoded as Record<string, unknown>)['admin']).to.equal(undefined);
    expect(Object.keys(decoded as object)).to.deep.equal(['__proto__']);
  });

  it('answers or refuses any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decodesOrRefuses(() => json.decode(bytes))));
    fc.assert(
      fc.property(fc.json(), fc.nat(), (source, cut) => decodesOrRefuses(() => json.decode(utf8(source.slice(cut))))),
    );
  });

  it('tells objects from arrays and null', () => {
    expect([{}, { a: 1 }].every(isJsonObject)).to.equal(true);
    expect([null, [], 'a', 1, true, undefined].some(isJsonObject)).to.equal(false);
  });
});
