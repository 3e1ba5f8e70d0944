import * as fc from 'fast-check';
import { PacketType, type Properties, type PublishPacket, type ServerPacket } from '../../src/mqtt/packets.ts';

/** Text as MQTT allows it: no surrogates alone, no U+0000. */
export const mqttText = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
export const topicName = mqttText.filter((text) => text.length > 0 && !/[#+]/.test(text));
export const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const uint16 = fc.integer({ min: 1, max: 0xffff });
const uint32 = fc.integer({ min: 1, max: 0xffff_ffff });
// Not empty, which mqtt-packet loses.
const word = mqttText.filter((text) => text.length > 0);
const userProperties = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 4 });
const identifiers = fc.array(fc.integer({ min: 1, max: 268_435_455 }), { minLength: 1, maxLength: 3 });

const each = {
  payloadFormatIndicator: fc.boolean(),
  messageExpiryInterval: uint32,
  contentType: mqttText,
  responseTopic: topicName,
  correlationData: bytes(10),
  userProperties,
  subscriptionIdentifiers: identifiers,
  topicAlias: uint16,
  sessionExpiryInterval: uint32,
  assignedClientIdentifier: mqttText,
  serverKeepAlive: uint16,
  authenticationMethod: mqttText,
  authenticationData: bytes(10),
  responseInformation: mqttText,
  serverReference: mqttText,
  reasonString: mqttText,
  receiveMaximum: uint16,
  topicAliasMaximum: uint16,
  maximumQoS: fc.constantFrom(0 as const, 1 as const),
  retainAvailable: fc.boolean(),
  maximumPacketSize: uint32,
  wildcardSubscriptionAvailable: fc.boolean(),
  subscriptionIdentifiersAvailable: fc.boolean(),
  sharedSubscriptionAvailable: fc.boolean(),
};

/** Some of the named properties, or undefined for none. */
function some<Name extends keyof typeof each>(...names: Name[]): fc.Arbitrary<Pick<Properties, Name> | undefined> {
  const model = Object.fromEntries(names.map((name) => [name, each[name]]));
  return fc
    .record<Properties>(model, { requiredKeys: [] })
    .map((properties) => (Object.keys(properties).length > 0 ? properties : undefined));
}

const ack = some('reasonString', 'userProperties');
const packetId = uint16;
const MESSAGE = [
  'payloadFormatIndicator',
  'messageExpiryInterval',
  'contentType',
  'responseTopic',
  'correlationData',
  'userProperties',
] as const;

/** A PUBLISH that a client of MQTT 5 may send, so that it can be read back. */
export const publish: fc.Arbitrary<PublishPacket> = publishWith(some(...MESSAGE, 'topicAlias'));
export const publishToClient = publishWith(some(...MESSAGE, 'subscriptionIdentifiers', 'topicAlias'));

function publishWith(properties: fc.Arbitrary<PublishPacket['properties']>): fc.Arbitrary<PublishPacket> {
  return fc
    .record({
      type: fc.constant(PacketType.publish),
      topic: topicName,
      payload: bytes(300),
      qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
      retain: fc.boolean(),
      dup: fc.boolean(),
      packetId,
      properties,
    })
    .map((packet) => (packet.qos === 0 ? Object.assign(packet, { dup: false, packetId: 0 }) : packet));
}

function list(...codes: number[]): fc.Arbitrary<number[]> {
  return fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 5 });
}

/** A packet of any type a server sends, in MQTT 5. */
export const serverPacket: fc.Arbitrary<ServerPacket | PublishPacket> = fc.oneof(
  publishToClient,
  fc.record({
    type: fc.constant(PacketType.connack),
    sessionPresent: fc.boolean(),
    reasonCode: fc.constant(0),
    properties: some(
      ...(['sessionExpiryInterval', 'receiveMaximum', 'maximumQoS', 'retainAvailable', 'maximumPacketSize'] as const),
      ...([
        'assignedClientIdentifier',
        'topicAliasMaximum',
        'reasonString',
        'userProperties',
        'serverKeepAlive',
      ] as const),
      ...([
        'wildcardSubscriptionAvailable',
        'subscriptionIdentifiersAvailable',
        'sharedSubscriptionAvailable',
      ] as const),
      ...(['responseInformation', 'serverReference', 'authenticationMethod', 'authenticationData'] as const),
    ),
  }),
  fc.record({
    type: fc.constantFrom(PacketType.puback, PacketType.pubrec),
    packetId,
    reasonCode: fc.constantFrom(0, 0x10, 0x87),
    properties: ack,
  }),
  fc.record({
    type: fc.constantFrom(PacketType.pubrel, PacketType.pubcomp),
    packetId,
    reasonCode: fc.constantFrom(0, 0x92),
    properties: ack,
  }),
  fc.record({
    type: fc.constant(PacketType.suback),
    packetId,
    reasonCodes: list(0, 1, 2, 0x80, 0x87),
    properties: ack,
  }),
  fc.record({
    type: fc.constant(PacketType.unsuback),
    packetId,
    reasonCodes: list(0, 0x11, 0x87),
    properties: ack,
  }),
  fc.record({ type: fc.constant(PacketType.pingresp) }),
  fc.record({
    type: fc.constant(PacketType.disconnect),
    reasonCode: fc.constantFrom(0, 0x81, 0x8e),
    properties: some('reasonString', 'userProperties', 'serverReference'),
  }),
  fc.record({
    type: fc.constant(PacketType.auth),
    reasonCode: fc.constantFrom(0x18, 0x19),
    properties: some('authenticationMethod', 'authenticationData', 'reasonString', 'userProperties'),
  }),
);
