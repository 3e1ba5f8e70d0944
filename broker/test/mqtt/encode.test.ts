import { expect } from 'chai';
import { encode } from '../../src/mqtt/encode.ts';
import { encodeProperties } from '../../src/mqtt/encode-properties.ts';
import { packPublish } from '../../src/mqtt/encode-publish.ts';
import { PacketType, type ProtocolVersion, type ServerPacket } from '../../src/mqtt/packets.ts';

const hex = (packet: ServerPacket, version: ProtocolVersion, maximum?: number): string =>
  encode(packet, version, maximum).toString('hex');
const none = { properties: undefined };

describe('encoding', () => {
  it('writes CONNACK for each version', () => {
    const packet = { type: PacketType.connack, sessionPresent: true, reasonCode: 0, ...none };

    expect(hex(packet, 3)).to.equal('20020000');
    expect(hex(packet, 4)).to.equal('20020100');
    expect(hex(packet, 5)).to.equal('2003010000');
    expect(hex({ ...packet, reasonCode: 5 }, 4)).to.equal('20020005');
    expect(hex({ ...packet, properties: { receiveMaximum: 16, topicAliasMaximum: 10 } }, 5)).to.equal(
      '200901000621001022000a',
    );
  });

  it('leaves off what MQTT 5 lets it leave off', () => {
    const ack = { type: PacketType.puback, packetId: 0x1234, ...none };

    expect(hex({ ...ack, reasonCode: 0 }, 5)).to.equal('40021234');
    expect(hex({ ...ack, reasonCode: 0x10 }, 5)).to.equal('4003123410');
    expect(hex({ ...ack, reasonCode: 0x10, properties: { reasonString: 'x' } }, 5)).to.equal('4008123410041f000178');
    expect(hex({ ...ack, reasonCode: 0x10, properties: { reasonString: 'x' } }, 4)).to.equal('40021234');
    expect(hex({ type: PacketType.disconnect, reasonCode: 0x81, ...none }, 5)).to.equal('e00181');
    expect(hex({ type: PacketType.disconnect, reasonCode: 0, ...none }, 5)).to.equal('e000');
    expect(hex({ type: PacketType.disconnect, reasonCode: 0x81, ...none }, 4)).to.equal('');
    expect(hex({ type: PacketType.auth, reasonCode: 0x18, ...none }, 5)).to.equal('f0021800');
    expect(hex({ type: PacketType.pingresp }, 4)).to.equal('d000');
    expect(hex({ type: PacketType.pubrel, packetId: 0xffff, reasonCode: 0, ...none }, 5)).to.equal('6202ffff');
  });

  it('writes SUBACK and UNSUBACK for each version', () => {
    const suback = { type: PacketType.suback, packetId: 1, reasonCodes: [0, 2, 0x87, 0x8f], ...none };

    expect(hex(suback, 4)).to.equal('9006000100028080');
    expect(hex(suback, 5)).to.equal('90070001000002878f');
    expect(hex({ ...suback, type: PacketType.unsuback }, 4)).to.equal('b0020001');
    expect(hex({ ...suback, type: PacketType.unsuback, reasonCodes: [0x11] }, 5)).to.equal('b00400010011');
  });

  it('keeps a large payload of a PUBLISH apart, to be shared, and a small one with it', () => {
    const fields = { topic: 't', qos: 1, retain: false, properties: undefined } as const;
    const large = packPublish({ ...fields, payload: Buffer.alloc(100_000, 1) });
    const small = packPublish({ ...fields, payload: Buffer.alloc(1000, 1) });

    expect(large.head.length + large.tail!.length).to.equal(large.length);
    expect(small).to.include({ tail: undefined, length: small.head.length });
    expect([large.idAt, small.idAt]).to.deep.equal([7, 6]);
    expect(packPublish({ ...fields, qos: 0, payload: Buffer.alloc(0) }).idAt).to.equal(0);
  });

  it('drops user properties, then the reason string, to stay in the client’s packet size', () => {
    const properties = {
      reasonString: 'because',
      userProperties: [['key', 'value'] as const],
      sessionExpiryInterval: 9,
    };
    const packets: ServerPacket[] = [
      { type: PacketType.connack, sessionPresent: false, reasonCode: 0x87, properties },
      { type: PacketType.disconnect, reasonCode: 0x81, properties },
      { type: PacketType.suback, packetId: 1, reasonCodes: [0], properties },
      { type: PacketType.puback, packetId: 1, reasonCode: 0x87, properties },
      { type: PacketType.auth, reasonCode: 0x18, properties: { ...properties, authenticationMethod: 'm' } },
    ];
    for (const packet of packets) {
      const full = encode(packet, 5);
      const withReason = encode(packet, 5, full.length - 1);
      const bare = encode(packet, 5, withReason.length - 1);

      expect(encode(packet, 5, full.length)).to.deep.equal(full);
      expect(withReason.includes('because') && !withReason.includes('value')).to.equal(true);
      expect(bare.includes('because')).to.equal(false);
      expect(bare.length).to.be.lessThan(withReason.length);
    }
  });

  it('writes properties alone, without those that are undefined', () => {
    const bytes = encodeProperties({
      messageExpiryInterval: undefined,
      contentType: 'a',
      userProperties: [
        ['k', 'v'],
        ['k', 'v'],
      ],
    });

    expect(bytes.toString('hex')).to.equal('03000161' + '2600016b000176'.repeat(2));
  });

  it('refuses a topic that has no length on the wire', () => {
    const packet = { topic: 'a'.repeat(65_536), payload: Buffer.alloc(0), qos: 0, retain: false } as const;

    expect(() => packPublish({ ...packet, properties: undefined })).to.throw(RangeError);
  });
});
