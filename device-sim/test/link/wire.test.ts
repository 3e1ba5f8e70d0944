import { expect } from 'chai';
import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { decodePacket } from '../../src/link/decode.ts';
import { publishPacket } from '../../src/link/encode.ts';
import { PacketSplitter } from '../../src/link/splitter.ts';
import type { Message, ProtocolVersion, Qos } from '../../src/link.ts';

const versions = fc.constantFrom<ProtocolVersion>(4, 5);
const messages = fc.record({
  topic: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((text) => !/[+#\0]/.test(text)),
  payload: fc.uint8Array({ maxLength: 20_000 }),
  qos: fc.constantFrom<Qos>(0, 1, 2),
  retain: fc.boolean(),
});

function whole(packets: readonly Uint8Array[], cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.concat(packets);
  const places = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other),
    bytes.length,
  ];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

/** Only its beginning comes. */
function announce(...length: number[]): () => void {
  return () => new PacketSplitter().push(Buffer.from([0x30, ...length]), () => {});
}

describe('packets', () => {
  it('of PUBLISH are what mqtt-packet reads, in both versions', () => {
    fc.assert(
      fc.property(
        messages,
        versions,
        fc.integer({ min: 1, max: 65_535 }),
        fc.boolean(),
        (message, version, id, dup) => {
          const bytes = Buffer.from(publishPacket(message, version, id, dup && message.qos > 0));
          const packet = decodePacket(bytes, version);

          const { topic, payload, qos, retain } = message;
          expect(packet).to.include({ cmd: 'publish', topic, qos, retain, dup: dup && qos > 0 });
          expect(Buffer.from((packet as { payload: Buffer }).payload).equals(payload)).to.equal(true);
          if (qos > 0) expect(packet.messageId).to.equal(id);
        },
      ),
    );
  });

  it('carry their content type in MQTT 5 alone', () => {
    const message: Message = {
      topic: 'a',
      payload: Buffer.from('b'),
      qos: 0,
      retain: false,
      contentType: 'application/json',
    };

    const [four, five] = ([4, 5] as const).map((version) =>
      decodePacket(Buffer.from(publishPacket(message, version, 0, false)), version),
    );

    expect(four).not.to.have.nested.property('properties.contentType');
    expect(five).to.have.nested.property('properties.contentType', 'application/json');
  });

  it('are found again however the network cuts them', () => {
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 10 }), (sent, cuts) => {
        const packets = sent.map((message) => publishPacket(message, 4, 7, false));
        const splitter = new PacketSplitter();
        const found: Buffer[] = [];

        for (const chunk of whole(packets, cuts)) splitter.push(chunk, (packet) => found.push(Buffer.from(packet)));

        expect(Buffer.concat(found).equals(Buffer.concat(packets))).to.equal(true);
        expect(found).to.have.length(packets.length);
      }),
    );
  });

  it('of anything at all end the connection, not the program', () => {
    const ack = mqttPacket.generate({ cmd: 'puback', messageId: 3 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), versions, (garbage, version) => {
        const take = (): void =>
          new PacketSplitter().push(Buffer.from(garbage), (packet) => void decodePacket(packet, version));

        try {
          take();
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
        }

        // What came before leaves nothing behind for the other links.
        expect(decodePacket(ack, version)).to.include({ cmd: 'puback', messageId: 3 });
      }),
    );
  });

  it('of an unbelievable length are not waited for', () => {
    expect(announce(0xff, 0xff, 0xff, 0x7f)).to.throw('length');
    expect(announce(0xff, 0xff, 0xff, 0xff, 0x7f)).to.throw('length');
  });
});
