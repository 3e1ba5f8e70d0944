import { decodeSparkplug, fromHex, hexDump, toHex } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex as bytes, refusal } from '../support.ts';

/** Written by Eclipse Tahu's JavaScript library (sparkplug-payload 1.0.3), one metric for each kind of value. */
const written = bytes(`
  08eaf2f5a8a02b12170a04696e7438100118a2828395862b200150fdffffff0f120f0a05696e743136200250d4fdffff0f120f0a05696e74
  333220035090ddfbff0f12140a05696e743634200458fbffffffffffffffff01120c0a0575696e7438200550c80112100a0675696e743332
  20075880d0acf30e12130a0675696e7436342008588180808080808010120e0a05666c6f61742009650000c03f12130a06646f75626c6520
  0a690000000000403540120a0a04626f6f6c200b700112180a06737472696e67200c7a0c594b2044657374726f796572120f0a047768656e
  200d58eaf2f5a8a02b120e0a056279746573201182010200ff120a0a046e6f6e6520033801122c0a0373657420108a012208021201611201
  621801180c22090a0208010a0332017822090a0208020a03320179122c0a0374706c20139201220a0131120b0a05696e6e6572200350071a
  0e0a0170100a31000000000000e03f280112310a0570726f707320034a240a07656e67556e69740a04686967681206080c42026b57120b08
  0a310000000000002240500118022203752d312a03010203
`);

describe('a Sparkplug B payload', () => {
  it('is read as Tahu wrote it, every kind of value', () => {
    const { metrics, ...rest } = decodeSparkplug(written);

    expect(rest).to.deep.equal({ timestamp: 1486144502122, seq: 2, uuid: 'u-1', body: '010203' });
    expect(metrics[0]).to.deep.equal({ name: 'int8', alias: 1, timestamp: 1479123452194, type: 'Int8', value: -3 });
    expect(Object.fromEntries(metrics.map(({ name, value }) => [name, value]))).to.deep.equal({
      int8: -3,
      int16: -300,
      int32: -70_000,
      int64: -5,
      uint8: 200,
      uint32: 4_000_000_000,
      uint64: '9007199254740993',
      float: 1.5,
      double: 21.25,
      bool: true,
      string: 'YK Destroyer',
      when: 1486144502122,
      bytes: '00ff',
      none: null,
      set: {
        columns: ['a', 'b'],
        types: ['Int8', 'String'],
        rows: [
          [1, 'x'],
          [2, 'y'],
        ],
      },
      tpl: {
        version: '1',
        metrics: [{ name: 'inner', type: 'Int32', value: 7 }],
        parameters: [{ name: 'p', type: 'Double', value: 0.5 }],
        isDefinition: true,
      },
      props: 1,
    });
    expect(metrics.at(-1)!.properties).to.deep.equal({ engUnit: 'kW', high: 9 });
  });

  it('passes over fields of later versions, and takes negative numbers of either width', () => {
    // Field 99, then a metric of Int8 that is -2 in eight bits.
    const { metrics } = decodeSparkplug(bytes('9a0603616263 1205 2001 50fe01'));

    expect(metrics).to.deep.equal([{ type: 'Int8', value: -2 }]);
  });

  it('reads arrays of numbers, and leaves in hex what does not fit', () => {
    expect(arrayRead('17', '09', '04 feff 2c01')).to.deep.equal([-2, 300]);
    expect(arrayRead('1e', '09', '04 0000c03f')).to.deep.equal([1.5]);
    expect(arrayRead('17', '08', '03 010203')).to.equal('010203');
  });

  it('is refused when it is cut, or no Protocol Buffers at all', () => {
    for (const [hex, reason] of [
      ['08', /ends within a field/],
      ['0a0461', /ends within a field/],
      ['08ffffffffffffffffff02', /more than 64 bits/],
      ['0b', /wire type 3/],
      ['00', /field number 0/],
      ['0a01ff', /no varint/],
      ['1203 0a01ff', /not valid UTF-8/],
    ] as const) {
      expect(refusal(() => decodeSparkplug(bytes(hex))).message, hex).to.match(reason);
    }
  });

  it('is refused when it nests without end', () => {
    let nested = bytes('0a0161');
    for (let level = 0; level < 41; level++) nested = wrap(level % 2 === 0 ? 0x12 : 0x92, nested);

    expect(refusal(() => decodeSparkplug(nested)).code).to.equal('payload-invalid');
  });

  it('is read or refused, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => decodesOrRefuses(() => decodeSparkplug(any))));
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = written.slice();
        changed[at] = byte;
        decodesOrRefuses(() => decodeSparkplug(changed));
      }),
    );
  });
});

/** The value of a metric of an array's type. */
function arrayRead(type: string, length: string, data: string): unknown {
  return decodeSparkplug(bytes(`12 ${length} 20${type} 8201 ${data}`)).metrics[0]!.value;
}

/** Metrics hold templates (field 18), templates hold metrics (field 2). */
function wrap(tag: number, inner: Uint8Array): Uint8Array {
  const length = inner.length < 0x80 ? [inner.length] : [(inner.length & 0x7f) | 0x80, inner.length >> 7];
  return Uint8Array.from([...(tag === 0x92 ? [0x92, 0x01] : [0x12]), ...length, ...inner]);
}

describe('bytes in hex', () => {
  it('are sixteen a line, with offset and what is printable', () => {
    expect(hexDump(bytes('7b226e223a5b312c325d7d'))).to.equal(
      '0000  7b 22 6e 22 3a 5b 31 2c 32 5d 7d                 {"n":[1,2]}',
    );
    expect(hexDump(new Uint8Array(0))).to.equal('');
    expect(hexDump(new Uint8Array(70_000)).split('\n').at(-1)).to.match(/^11160 {2}00/);
    expect(hexDump(new Uint8Array(64), 20).split('\n')).to.have.length(2);
  });

  it('come back from hex, and nothing else does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (any) => {
        expect(fromHex(toHex(any, ' '))).to.deep.equal(any);
      }),
    );
    for (const none of ['a', '0x00', 'zz', 'é']) expect(fromHex(none), none).to.equal(undefined);
  });
});
