import { readings, senmlCbor, topics } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, refusal, utf8 } from '../support.ts';

const now = 1_795_223_047_123;

/** What the sender is told of telemetry that has no readings. */
function message(source: string): string {
  return refusal(() => readings(utf8(source), 'json', now)).message;
}

describe('readings', () => {
  it('of a flat object are its members, at the time of arrival', () => {
    expect(readings(utf8('{"temperature":21.5,"on":true,"mode":"eco"}'), 'json', now)).to.deep.equal([
      { metric: 'temperature', value: 21.5, at: now },
      { metric: 'on', value: true, at: now },
      { metric: 'mode', value: 'eco', at: now },
    ]);
    expect(readings(utf8('{}'), 'json', now)).to.deep.equal([]);
  });

  it('of a SenML pack have its units and times in whole milliseconds, and the last part of its names', () => {
    const pack = [
      { bn: 'urn:dev:ow:10e2073a0108006:', bt: 1.276020076001e9, n: 'temperature', u: 'Cel', v: 23.1 },
      { bn: 'home/lamp-1/', n: 'power', u: 'W', t: -0.5, v: 4 },
    ];

    expect(readings(utf8(JSON.stringify(pack)), 'json', now)).to.deep.equal([
      { metric: 'temperature', value: 23.1, unit: 'Cel', at: 1276020076001 },
      { metric: 'power', value: 4, unit: 'W', at: 1276020075501 },
    ]);
  });

  it('of the same pack in CBOR are the same', () => {
    const pack = [
      { n: 'a', u: 'V', v: 1.5, t: -2 },
      { n: 'b', vb: true },
    ];

    const fromCbor = readings(senmlCbor.encode(pack), 'cbor', now);

    expect(fromCbor).to.deep.equal(readings(utf8(JSON.stringify(pack)), 'json', now));
    expect(fromCbor[0]).to.include({ at: now - 2000 });
  });

  it('leave out records with nothing but bytes or a sum', () => {
    const pack = [
      { n: 'raw', vd: 'aGk' },
      { n: 'energy', s: 5 },
      { n: 'a', v: 1 },
    ];

    expect(readings(utf8(JSON.stringify(pack)), 'json', now).map(({ metric }) => metric)).to.deep.equal(['a']);
  });

  it('are refused for anything else, naming the metric', () => {
    expect(message('21.5')).to.equal('telemetry is a SenML pack or a flat object');
    expect(message('{"a":1,"pos":{"x":1}}')).to.equal('telemetry at pos: expected a number, boolean or string');
    expect(message('{"a":null}')).to.match(/^telemetry at a/);
    expect(message('[]')).to.match(/^SenML pack is not valid/);
    expect(message('hello')).to.match(/^payload is not JSON/);
  });

  it('are found or refused for any bytes in either format', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('json', 'cbor'), (bytes, format) => {
        decodesOrRefuses(() => readings(bytes, format, now));
      }),
    );
    fc.assert(fc.property(fc.json(), (source) => decodesOrRefuses(() => readings(utf8(source), 'json', now))));
  });
});

describe('the telemetry codec', () => {
  it('writes and reads a flat object and a SenML pack', () => {
    const { codec } = topics.telemetry;

    for (const value of [{ a: 1, b: 'x', c: false }, [{ n: 'a', v: 1 }]]) {
      expect(codec.decode(codec.encode(value))).to.deep.equal(value);
    }
  });
});
