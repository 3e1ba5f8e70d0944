import { expect } from 'chai';
import { Decoder } from '../../src/mqtt/decode.ts';
import type { ProtocolError } from '../../src/mqtt/protocol-error.ts';
import { connect, malformed, type MalformedRow } from './malformed.ts';

const sink = (): boolean => true;

/** Once whole, once byte by byte: both must end the same way. */
function refusals(row: MalformedRow): [ProtocolError | undefined, Decoder][] {
  return [row.bytes.length, 1].map((step) => {
    const decoder = new Decoder({ maxPacketBytes: 1 << 20 });
    if (!row.beforeConnect) expect(decoder.push(connect(row.version), sink)).to.equal(undefined);
    let failure: ProtocolError | undefined;
    for (let at = 0; at < row.bytes.length; at += step) {
      failure = decoder.push(Buffer.from(row.bytes.subarray(at, at + step)), sink);
    }
    return [failure, decoder];
  });
}

/** What a connection answers with. */
function answer({ beforeConnect }: MalformedRow, failure: ProtocolError, { version }: Decoder): number | 'close' {
  if (beforeConnect && failure.returnCode > 0) return failure.returnCode;
  return version === 5 ? failure.reasonCode : 'close';
}

describe('decoding what is malformed', () => {
  it('has many hundred rows with names of their own', () => {
    const names = new Set(malformed.map(({ name, version }) => `${version} ${name}`));

    expect(malformed.length).to.be.greaterThan(2000);
    expect(names.size).to.equal(malformed.length);
  });

  for (const version of [3, 4, 5] as const) {
    it(`refuses every row of version ${version} as the specification says`, () => {
      const wrong: string[] = [];
      for (const row of malformed.filter((one) => one.version === version)) {
        for (const [failure, decoder] of refusals(row)) {
          const got = failure ? answer(row, failure, decoder) : 'accepted';
          if (got === row.expect) continue;
          wrong.push(
            `${row.name} [${row.clause}] ${row.bytes.toString('hex')}: ${got} (${failure?.message}), not ${row.expect}`,
          );
        }
      }

      expect(wrong).to.deep.equal([]);
    });
  }
});
