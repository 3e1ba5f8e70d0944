import { expect } from 'chai';
import * as fc from 'fast-check';
import mqttPacket, { type Packet as Theirs } from 'mqtt-packet';
import { Decoder } from '../../src/mqtt/decode.ts';
import type { ClientPacket, PublishPacket, ServerPacket } from '../../src/mqtt/packets.ts';
import { bytes, mqttText, publishToClient, serverPacket, topicName } from './arbitraries.ts';
import { encodeAny } from './encode-any.ts';

function readTheirs(wire: Buffer, protocolVersion: number): Record<string, unknown> {
  const parser = mqttPacket.parser({ protocolVersion });
  let packet: Record<string, unknown> = {};
  parser.on('packet', (one: Theirs) => (packet = { ...one }));
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.parse(wire);
  return packet;
}

function readOurs(wires: readonly Buffer[]): ClientPacket {
  const decoder = new Decoder({ maxPacketBytes: 1 << 20 });
  let packet: ClientPacket | undefined;
  for (const wire of wires) {
    const failure = decoder.push(wire, (one) => Boolean((packet = one)));
    if (failure) throw failure;
  }
  return packet!;
}

/** Our properties in mqtt-packet's shape: a dictionary of user properties, one identifier or a list. */
function toTheirs(properties: object | undefined): Record<string, unknown> | undefined {
  if (!properties) return undefined;
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'userProperties') result[name] = dictionary(value);
    else if (name === 'subscriptionIdentifiers') result['subscriptionIdentifier'] = value.length > 1 ? value : value[0];
    else result[name] = value;
  }
  return result;
}

function dictionary(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const known = result[name];
    result[name] = known === undefined ? value : [known, value].flat();
  }
  return result;
}

function same(theirs: Record<string, unknown>, ours: ServerPacket | PublishPacket): void {
  expect(theirs['messageId'] ?? 0).to.equal('packetId' in ours ? ours.packetId : 0);
  if ('reasonCodes' in ours) expect(theirs['granted']).to.deep.equal(ours.reasonCodes);
  else if ('reasonCode' in ours) expect(theirs['reasonCode'] ?? 0).to.equal(ours.reasonCode);
  if ('topic' in ours) {
    expect(theirs).to.include({ topic: ours.topic, qos: ours.qos, retain: ours.retain, dup: ours.dup });
    expect(theirs['payload']).to.deep.equal(ours.payload);
  }
  const properties = theirs['properties'] ?? {};
  const wanted = 'properties' in ours ? toTheirs(ours.properties) : undefined;
  expect(properties).to.deep.equal(wanted ?? {});
}

describe('beside mqtt-packet', () => {
  it('is read by it, whatever a server sends in MQTT 5', () => {
    fc.assert(
      fc.property(serverPacket, (packet) => same(readTheirs(encodeAny(packet, 5), 5), packet)),
      { numRuns: 2000 },
    );
  });

  it('is read by it in 3.1.1', () => {
    fc.assert(
      fc.property(publishToClient, (packet) =>
        same(readTheirs(encodeAny(packet, 4), 4), { ...packet, properties: undefined }),
      ),
      { numRuns: 500 },
    );
  });

  it('reads what it writes for a client', () => {
    const fields = fc.record({
      clientId: mqttText.filter((text) => text.length > 0),
      keepalive: fc.nat(0xffff),
      clean: fc.boolean(),
      username: mqttText.filter((text) => text.length > 0),
      password: bytes(20).filter((one) => one.length > 0),
      will: fc.record({
        topic: topicName,
        payload: bytes(50),
        qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
        retain: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(fields, fc.constantFrom(4 as const, 5 as const), (packet, version) => {
        const wire = mqttPacket.generate({ ...packet, cmd: 'connect', protocolId: 'MQTT', protocolVersion: version });

        const { clientId, keepalive: keepAlive, clean, username, password } = packet;
        const will = { ...packet.will, properties: undefined };
        expect(readOurs([wire])).to.deep.include({ version, clientId, keepAlive, clean, username, password, will });
      }),
      { numRuns: 500 },
    );
  });

  it('reads its SUBSCRIBE, UNSUBSCRIBE and PUBLISH', () => {
    const filters = fc.array(
      topicName.filter((name) => !name.startsWith('$share/')),
      { minLength: 1, maxLength: 4 },
    );
    const connect = mqttPacket.generate({
      cmd: 'connect',
      clientId: 'a',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 0,
    });
    const five = { protocolVersion: 5 };
    fc.assert(
      fc.property(
        filters,
        fc.integer({ min: 1, max: 65_535 }),
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        bytes(40),
        (names, id, qos, payload) => {
          const subscriptions = names.map((topic) => ({ topic, qos, nl: true, rap: false, rh: 2 as const }));
          const subscribe = mqttPacket.generate({ cmd: 'subscribe', messageId: id, subscriptions }, five);
          const unsubscribe = mqttPacket.generate({ cmd: 'unsubscribe', messageId: id, unsubscriptions: names }, five);
          const publish = mqttPacket.generate(
            { cmd: 'publish', topic: names[0]!, payload, qos, retain: true, dup: false, messageId: id },
            five,
          );

          const wanted = names.map((filter) => ({
            filter,
            qos,
            noLocal: true,
            retainAsPublished: false,
            retainHandling: 2,
          }));
          expect(readOurs([connect, subscribe])).to.deep.include({ packetId: id, subscriptions: wanted });
          expect(readOurs([connect, unsubscribe])).to.deep.include({ packetId: id, filters: names });
          expect(readOurs([connect, publish])).to.deep.include({
            topic: names[0],
            payload,
            qos,
            packetId: qos > 0 ? id : 0,
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});
