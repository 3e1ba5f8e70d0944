import { expect } from 'chai';
import { Decoder } from '../../src/mqtt/decode.ts';
import { ProtocolError } from '../../src/mqtt/protocol-error.ts';
import { mutate, randomFrom, validStreams } from './corpus/mutations.ts';

const STREAMS = 100_000;
const MAX_PACKET_BYTES = 4096;

const seeds = validStreams();

describe('decoding at random', () => {
  it(`answers ${STREAMS} broken streams with packets or a ProtocolError, and nothing else`, () => {
    const random = randomFrom(20_261_121);
    let refused = 0;
    let packets = 0;
    for (let turn = 0; turn < STREAMS; turn++) {
      const stream = mutate(seeds[random(seeds.length)]!, random);
      const decoder = new Decoder({ maxPacketBytes: MAX_PACKET_BYTES });
      let given = 0;
      let failure: ProtocolError | undefined;
      for (let at = 0; at < stream.length && !failure;) {
        const step = 1 + random(40);
        failure = decoder.push(stream.subarray(at, at + step), () => ++given > 0);
        at += step;
      }
      if (failure && !(failure instanceof ProtocolError && failure.reasonCode >= 0x80))
        throw new Error(stream.toString('hex'));
      // A packet has two bytes at least: more of them would mean that the decoder goes round.
      if (given > stream.length / 2) throw new Error(stream.toString('hex'));
      if (failure) refused++;
      packets += given;
    }

    expect(refused).to.be.greaterThan(STREAMS / 2);
    expect(packets).to.be.greaterThan(STREAMS / 2);
  }).timeout(60_000);
});
