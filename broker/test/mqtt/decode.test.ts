import { expect } from 'chai';
import * as fc from 'fast-check';
import { encodeAny } from './encode-any.ts';
import { Decoder } from '../../src/mqtt/decode.ts';
import type { ClientPacket } from '../../src/mqtt/packets.ts';
import { publish } from './arbitraries.ts';
import { connect, join, packet, properties, protocol, text, uint16, VERSIONS } from './corpus/bytes.ts';
import { bytesOf, fullConnect, validPackets } from './corpus/valid.ts';

const sink = (): boolean => true;

function decode(chunks: readonly Buffer[], maxPacketBytes = 1 << 20): ClientPacket[] {
  const decoder = new Decoder({ maxPacketBytes });
  const packets: ClientPacket[] = [];
  for (const chunk of chunks) {
    const failure = decoder.push(chunk, (one) => packets.push(one) > 0);
    if (failure) throw failure;
  }
  return packets;
}

/** Every packet type of one version after the other. */
const streams = VERSIONS.map((version) =>
  join(
    ...[fullConnect(version), ...validPackets(version)].map(bytesOf),
    packet(0x30, text('big'), version === 5 ? 0 : join(), Buffer.alloc(9000, 1)),
  ),
);

describe('decoding', () => {
  it('reads every field of CONNECT', () => {
    const [three, four, five] = VERSIONS.map((version) => decode([bytesOf(fullConnect(version))])[0]);
    const common = { type: 1, bridge: false, clean: true, keepAlive: 30, clientId: 'client', username: 'me' };
    const will = { topic: 'w/t', payload: Buffer.from('gone'), qos: 1, retain: true };
    const password = Buffer.from('secret');

    expect(three).to.deep.equal({
      ...common,
      version: 3,
      password,
      properties: undefined,
      will: { ...will, properties: undefined },
    });
    expect(four).to.deep.equal({ ...three, version: 4 });
    expect(five).to.deep.equal({
      ...common,
      version: 5,
      password,
      properties: { sessionExpiryInterval: 5, receiveMaximum: 5, maximumPacketSize: 4096, topicAliasMaximum: 3 },
      will: {
        ...will,
        properties: { willDelayInterval: 1, payloadFormatIndicator: true, userProperties: [['k', 'v']] },
      },
    });
  });

  it('takes the protocol levels of bridges', () => {
    const bridged = [
      ['MQIsdp', 0x83],
      ['MQTT', 0x84],
    ] as const;
    const packets = bridged.map(
      ([name, level]) => decode([packet(0x10, text(name), level, 2, uint16(0), text('b'))])[0],
    );

    expect(packets.map((one) => one && 'bridge' in one && [one.version, one.bridge])).to.deep.equal([
      [3, true],
      [4, true],
    ]);
  });

  it('follows 3.1 where it is looser: no user name behind its flag, DUP on SUBSCRIBE, long client ids', () => {
    const longId = 'c'.repeat(100);
    const bytes = join(packet(0x10, protocol(3), 0xc2, uint16(0), text(longId)), packet(0x8a, uint16(1), text('a'), 1));

    const [connected, subscribed] = decode([bytes]);

    expect(connected).to.include({ clientId: longId, username: undefined, password: undefined });
    expect(subscribed).to.deep.include({ packetId: 1 });
  });

  it('takes in 5 what only 3.1.1 forbids: a password alone, an empty client id', () => {
    const [connected] = decode([packet(0x10, protocol(5), 0x40, uint16(0), 0, text(''), text('token'))]);

    expect(connected).to.deep.include({
      clientId: '',
      clean: false,
      username: undefined,
      password: Buffer.from('token'),
    });
  });

  it('reads subscription options and keeps the order of filters', () => {
    const options = [0x2e, 0x11, 0x00];
    const filters = options.map((bits, index) => join(text(`f/${index}/#`), bits));
    const bytes = packet(0x82, uint16(9), properties(0x0b, 'ffffff7f', 0x26, text('k'), text('v')), ...filters);

    const subscribe = decode([connect(5), bytes])[1];

    expect(subscribe).to.deep.equal({
      type: 8,
      packetId: 9,
      properties: { subscriptionIdentifier: 268_435_455, userProperties: [['k', 'v']] },
      subscriptions: [
        { filter: 'f/0/#', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 },
        { filter: 'f/1/#', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 1 },
        { filter: 'f/2/#', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
    });
  });

  it('keeps user properties in order, with the same name and with nothing in them', () => {
    const userProperties: [string, string][] = [
      ['b', '1'],
      ['a', ''],
      ['b', '2'],
      ['', ''],
      ['b', '1'],
    ];
    const block = properties(...userProperties.map(([name, value]) => join(0x26, text(name), text(value))));

    const read = decode([connect(5), packet(0x30, text('a'), block)])[1];

    expect(read).to.deep.include({ properties: { userProperties } });
  });

  it('keeps U+FEFF, controls and noncharacters in names, and refuses the latter two when told to', () => {
    for (const name of ['\uFEFFa', 'a\uFEFF', 'tab\t', '\uFFFF', '\u{1FFFE}', '/', 'é'.repeat(200), '𪛔']) {
      const bytes = packet(0x30, text(name), 'aa');
      const strict = new Decoder({ maxPacketBytes: 1000, refuseControlCharacters: true });
      strict.push(connect(4), sink);

      expect(decode([connect(4), bytes])[1]).to.include({ topic: name });
      expect(strict.push(bytes, sink)?.reasonCode).to.equal(/[\t\uFFFF]|\u{1FFFE}/u.test(name) ? 0x81 : undefined);
    }
  });

  it('gives the right topic when topics share a slot of the cache', () => {
    const names = Array.from({ length: 6000 }, (_, index) => `t/${index % 3000}`);

    const packets = decode([connect(4), ...names.map((name) => packet(0x30, text(name)))]);

    expect(packets.slice(1).map((one) => 'topic' in one && one.topic)).to.deep.equal(names);
  });

  it('decodes alike however a stream is cut', () => {
    const whole = streams.map((stream) => decode([stream]));
    fc.assert(
      fc.property(
        fc.nat(2),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }),
        (index, steps) => {
          const stream = streams[index]!;
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const step = steps[turn % steps.length]!;
            chunks.push(Buffer.from(stream.subarray(at, at + step)));
            at += step;
          }
          expect(decode(chunks)).to.deep.equal(whole[index]);
        },
      ),
      { numRuns: 300 },
    );
    for (const [index, stream] of streams.entries()) {
      expect(decode(Array.from(stream, (byte) => Buffer.from([byte])))).to.deep.equal(whole[index]);
    }
  });

  it('reads back every PUBLISH the encoder writes', () => {
    fc.assert(
      fc.property(publish, (packetIn) => {
        const read = decode([connect(5), encodeAny(packetIn, 5)])[1];
        expect(read).to.deep.equal(packetIn);
      }),
      { numRuns: 2000 },
    );
  });

  it('stops when the sink says so and goes on with what was kept', () => {
    const stream = join(
      connect(4),
      ...Array.from({ length: 6 }, (_, index) => packet(0x32, text('a'), uint16(index + 1), 'aa')),
    );
    const decoder = new Decoder({ maxPacketBytes: 1000 });
    const seen: (number | undefined)[] = [];
    const stopAtEven = (one: ClientPacket): boolean => {
      const id = 'packetId' in one ? one.packetId : undefined;
      return seen.push(id) % 2 === 1;
    };

    decoder.push(stream.subarray(0, 30), stopAtEven);
    decoder.push(stream.subarray(30, 33), stopAtEven);
    decoder.push(stream.subarray(33), stopAtEven);

    expect(seen).to.deep.equal([undefined, 1]);
    expect(decoder.stopped).to.equal(true);
    while (decoder.stopped) decoder.resume(stopAtEven);
    expect(seen).to.deep.equal([undefined, 1, 2, 3, 4, 5, 6]);
  });

  it('refuses by size on the fixed header, CONNECT by a limit of its own, and takes what just fits', () => {
    const own = connect(5).length;
    const decoder = new Decoder({ maxPacketBytes: 100, maxConnectBytes: own });
    expect(decoder.push(connect(5), sink)).to.equal(undefined);
    expect(decoder.push(packet(0x30, text('a'), 0, Buffer.alloc(94)), sink)).to.equal(undefined);
    expect(decoder.push(join(0x30, 99), sink)?.reasonCode).to.equal(0x95);
    expect(decoder.push(join('c000'), sink)?.reasonCode).to.equal(0x95);
    const strict = new Decoder({ maxPacketBytes: 100, maxConnectBytes: own - 1 });
    expect(strict.push(connect(5).subarray(0, 2), sink)?.reasonCode).to.equal(0x95);
  });

  it('does not set memory aside for what a header only claims', () => {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 200 }, () => {
      const decoder = new Decoder({ maxPacketBytes: 1 << 20 });
      decoder.push(connect(4), sink);
      decoder.push(join('30 80803f 0001 61'), sink);
      return decoder;
    });

    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(4 << 20);
    expect(decoders).to.have.length(200);
  });

  it('reads a megabyte that comes in small pieces in linear time', () => {
    const payload = Buffer.alloc(1_000_000, 7);
    const big = packet(0x30, text('a'), payload);
    const chunks = Array.from({ length: Math.ceil(big.length / 50) }, (_, index) =>
      big.subarray(index * 50, index * 50 + 50),
    );
    const start = process.hrtime.bigint();

    const read = decode([connect(4), ...chunks])[1];

    expect(read && 'payload' in read && read.payload.equals(payload)).to.equal(true);
    expect(Number(process.hrtime.bigint() - start) / 1e6).to.be.lessThan(500);
  });
});
