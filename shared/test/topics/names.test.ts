import { checkName, dmPair, encodeClientId, isName } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { refusal } from '../support.ts';

const characters = 'abcdefghijklmnopqrstuvwxyz0123456789_-';

/** Names as PRODUCT.md §3 has them. */
const name = fc
  .string({ unit: fc.constantFrom(...characters.split('')), minLength: 1, maxLength: 64 })
  .filter((text) => !/^[_-]/.test(text));

describe('names of channels, users and devices', () => {
  it('are 1 to 64 of a-z 0-9 _ -, starting with a letter or digit', () => {
    for (const good of ['a', '7', 'general', 'lamp-1', 'a_b-c', 'x'.repeat(64)])
      expect(isName(good), good).to.equal(true);
    fc.assert(fc.property(name, isName));
  });

  it('are nothing else', () => {
    const bad = ['', '-a', '_a', 'A', 'ä', 'a b', 'a/b', '+', '#', '$a', 'a\n', 'a\0', 'x'.repeat(65), '__proto__'];

    for (const text of bad) expect(isName(text), JSON.stringify(text)).to.equal(false);
  });

  it('have no character besides the 38', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (isName(text)) expect(text.split('').every((one) => characters.includes(one))).to.equal(true);
      }),
    );
  });

  it('are refused with a code, the kind of name and a part of what was given', () => {
    const error = refusal(() => checkName('No Way'.repeat(1000), 'channel'));

    expect(error).to.include({ code: 'name-invalid', reasonCode: 0x90, status: 400 });
    expect(error.message)
      .to.match(/^channel name "No Way/)
      .and.have.length.below(250);
  });
});

describe('the pair of a direct message', () => {
  it('is the same from either side', () => {
    expect(dmPair('ben', 'ana')).to.deep.equal({ a: 'ana', b: 'ben' });
    expect(dmPair('ana', 'ben')).to.deep.equal({ a: 'ana', b: 'ben' });
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(dmPair(one, other)).to.deep.equal(dmPair(other, one));
      }),
    );
  });

  it('is in ASCII order, where - is before digits and _ is behind them', () => {
    expect(dmPair('a_', 'a1')).to.deep.equal({ a: 'a1', b: 'a_' });
    expect(dmPair('a1', 'a-')).to.deep.equal({ a: 'a-', b: 'a1' });
  });
});

describe('a client id as a topic level', () => {
  it('keeps A-Za-z0-9._~- and percent-encodes the rest', () => {
    expect(encodeClientId('mqttjs_8bd0.~-')).to.equal('mqttjs_8bd0.~-');
    expect(encodeClientId("a/b+c#d (!*'é")).to.equal('a%2Fb%2Bc%23d%20%28%21%2A%27%C3%A9');
  });

  it('is one level of these characters, and decodes to the id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const level = encodeClientId(id);

        expect(level).to.match(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/);
        expect(decodeURIComponent(level)).to.equal(id.toWellFormed());
      }),
    );
  });

  it('takes a lone surrogate, which UTF-8 does not have, as the replacement character', () => {
    expect(encodeClientId('\ud800')).to.equal('%EF%BF%BD');
  });
});
