import { resolveSenml, senmlCbor, senmlJson } from '@parley/shared';
import { expect } from 'chai';
import { fromHex, utf8 } from '../support.ts';

/** The measurements of RFC 8428 §5.1.2, second example. */
const currents = `[
  {"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
  {"n":"current","t":-5,"v":1.2},
  {"n":"current","t":-4,"v":1.3},
  {"n":"current","t":-3,"v":1.4},
  {"n":"current","t":-2,"v":1.5},
  {"n":"current","t":-1,"v":1.6},
  {"n":"current","v":1.7}
]`;

/** The same pack as §6 prints it in CBOR. */
const currentsInCbor = `
  87 a7 21 781b 75726e3a6465763a6f773a3130653230373361303130383030363a 22 fb 41d303a15b001062 23 61 41 20 05
  00 67 766f6c74616765 01 61 56 02 fb 405e066666666666
  a3 00 67 63757272656e74 06 24 02 fb 3ff3333333333333
  a3 00 67 63757272656e74 06 23 02 fb 3ff4cccccccccccd
  a3 00 67 63757272656e74 06 22 02 fb 3ff6666666666666
  a3 00 67 63757272656e74 06 21 02 f9 3e00
  a3 00 67 63757272656e74 06 20 02 fb 3ff999999999999a
  a2 00 67 63757272656e74 02 fb 3ffb333333333333`;

describe('the examples of RFC 8428', () => {
  it('§5.1.1: a single measurement', () => {
    const pack = senmlJson.decode(utf8('[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]'));

    expect(resolveSenml(pack, 1e9)).to.deep.equal([
      { name: 'urn:dev:ow:10e2073a01080063', unit: 'Cel', time: 1e9, value: 23.1 },
    ]);
  });

  it('§5.1.2: many measurements under one base', () => {
    const resolved = resolveSenml(senmlJson.decode(utf8(currents)), 0);

    expect(resolved[0]).to.deep.equal({
      name: 'urn:dev:ow:10e2073a0108006:voltage',
      unit: 'V',
      time: 1276020076.001,
      value: 120.1,
    });
    expect(resolved.slice(1).map(({ unit, value }) => [unit, value])).to.deep.equal(
      [1.2, 1.3, 1.4, 1.5, 1.6, 1.7].map((value) => ['A', value]),
    );
    expect(resolved.map(({ time }) => Math.round(time))).to.deep.equal(
      [0, -5, -4, -3, -2, -1, 0].map((offset) => 1276020076 + offset),
    );
  });

  it('§5.1.4: values of every kind', () => {
    const source = `[
      {"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},
      {"n":"label","vs":"Machine Room"}, {"n":"open","vb":false}, {"n":"nfc-reader","vd":"aGkgCg"}
    ]`;

    const [temperature, label, open, reader] = resolveSenml(senmlJson.decode(utf8(source)), 1e9);

    expect(temperature).to.include({ name: 'urn:dev:ow:10e2073a01080063:temp', value: 23.1 });
    expect(label).to.include({ name: 'urn:dev:ow:10e2073a01080063:label', value: 'Machine Room' });
    expect(open).to.include({ name: 'urn:dev:ow:10e2073a01080063:open', value: false });
    expect(reader).to.include({ name: 'urn:dev:ow:10e2073a01080063:nfc-reader', data: 'aGkgCg' });
  });

  it('§6: the same pack in CBOR', () => {
    expect(senmlCbor.decode(fromHex(currentsInCbor))).to.deep.equal(senmlJson.decode(utf8(currents)));
  });
});
