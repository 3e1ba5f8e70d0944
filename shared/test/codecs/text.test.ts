import { text } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex, refusal } from '../support.ts';

describe('text', () => {
  it('gives back every text it wrote', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => text.decode(text.encode(value)) === value));
  });

  it('keeps a byte order mark as the character it is', () => {
    expect(text.decode(fromHex('efbbbf 61'))).to.equal('\ufeffa');
  });

  it('refuses to write a lone surrogate, which has no UTF-8 form', () => {
    expect(refusal(() => text.encode('a\ud800')).code).to.equal('payload-invalid');
  });

  it('refuses overlong, truncated, surrogate and out-of-range sequences', () => {
    for (const bytes of ['c080', 'e282', 'eda080', 'f4908080', 'ff']) {
      expect(refusal(() => text.decode(fromHex(bytes))).code, bytes).to.equal('payload-invalid');
    }
  });

  it('answers or refuses any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decodesOrRefuses(() => text.decode(bytes))));
  });
});
