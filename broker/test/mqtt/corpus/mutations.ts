import type { ProtocolVersion } from '../../../src/mqtt/packets.ts';
import { connect, join, none, packet, text, uint16, VERSIONS } from './bytes.ts';
import { bytesOf, fullConnect, validPackets } from './valid.ts';

export type Random = (below: number) => number;

/** Small seeded generator (mulberry32), so that a failure can be had again. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Whole streams of each version to be broken: one with everything, and one per packet type behind a CONNECT. */
export function validStreams(): Buffer[] {
  return VERSIONS.flatMap((version) => {
    const packets = validPackets(version).map(bytesOf);
    const behindConnect = packets.map((bytes) => join(connect(version), bytes, ...packets.slice(0, 2)));
    return [join(bytesOf(fullConnect(version)), ...packets), ...behindConnect];
  });
}

/** The same, with what means something to the hub: drafts, direct messages, telemetry, commands, requests, shares. */
export function hubStreams(): Buffer[] {
  const topics = ['chat/general', 'chat/new/typing', 'dm/ana/ben', 'devices/d1/status', 'devices/d1/commands/set'];
  const filters = ['#', 'chat/#', '$share/g/chat/+', 'dm/+/ben', 'hub/errors/+', '$SYS/#'];
  return VERSIONS.flatMap((version) => [
    join(connect(version), ...topics.map((topic, at) => publish(version, topic, at % 3, '{"text":"hi","id":7}'))),
    join(connect(version), publish(version, 'hub/requests/history', 1, '{"id":"1","channel":"general"}')),
    join(connect(version), ...filters.map((filter) => subscribe(version, filter)), publish(version, 'chat/x', 2, 'hi')),
  ]);
}

function publish(version: ProtocolVersion, topic: string, qos: number, payload: string): Buffer {
  const id = qos > 0 ? uint16(9 + topic.length) : join();
  return packet(0x30 | (qos << 1), text(topic), id, none(version), Buffer.from(payload));
}

function subscribe(version: ProtocolVersion, filter: string): Buffer {
  return packet(0x82, uint16(3), none(version), text(filter), 2);
}

/** A valid stream with bytes changed, left out, doubled or put in, and cut. */
export function mutate(valid: Buffer, random: Random): Buffer {
  const bytes = [...valid];
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(bytes.length);
    const kind = random(6);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at]! ^= 1 << random(8);
    else if (kind === 2) bytes.splice(at, 1 + random(3));
    else if (kind === 3) bytes.splice(at, 0, random(256), random(256));
    else if (kind === 4) bytes.splice(at, 0, ...bytes.slice(at, at + random(12)));
    else bytes[at] = [0, 0x7f, 0x80, 0xff][random(4)]!;
    if (bytes.length === 0) bytes.push(0);
  }
  return Buffer.from(bytes);
}
