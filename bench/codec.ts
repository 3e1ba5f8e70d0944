/** Decode and encode of PUBLISH beside mqtt-packet: `node --import tsx bench/codec.ts`. Prints ns per packet and the ratio. */
import mqttPacket from 'mqtt-packet';
import { Decoder } from '../broker/src/mqtt/decode.ts';
import { encodeProperties } from '../broker/src/mqtt/encode-properties.ts';
import { packPublish } from '../broker/src/mqtt/encode-publish.ts';
import { copyPacked } from '../broker/src/mqtt/packed.ts';
import type { ProtocolVersion, QoS } from '../broker/src/mqtt/packets.ts';

const PACKETS_PER_CHUNK = 400;
const ROUNDS = 7;
const CHUNKS_PER_ROUND = 300;

interface Row {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly qos: QoS;
  readonly properties?: { contentType: string; userProperties: [string, string][] };
}

const rows: readonly Row[] = [
  { name: '3.1.1 QoS 0 64 B', version: 4, qos: 0 },
  { name: '3.1.1 QoS 1 64 B', version: 4, qos: 1 },
  { name: '5 QoS 0 64 B', version: 5, qos: 0 },
  {
    name: '5 QoS 1 64 B, 2 properties',
    version: 5,
    qos: 1,
    properties: { contentType: 'text/plain', userProperties: [['a', 'b']] },
  },
];

const topic = 'devices/boiler-7/telemetry';
const payload = Buffer.alloc(64, 'x');
const connect = { 3: '', 4: '100c00044d5154540402003c0000', 5: '100d00044d5154540502003c000000' };

for (const row of rows) {
  const bytes = encode(row);
  const chunk = Buffer.concat(Array.from({ length: PACKETS_PER_CHUNK }, () => bytes));
  report(`decode ${row.name}`, best(ours(row, chunk)), best(theirs(row, chunk)));
  report(`encode ${row.name}`, best(oursEncoding(row)), best(theirsEncoding(row)));
}

function ours(row: Row, chunk: Buffer): () => number {
  const decoder = new Decoder({ maxPacketBytes: 1 << 20 });
  let seen = 0;
  const sink = (): boolean => ++seen > 0;
  decoder.push(Buffer.from(connect[row.version], 'hex'), sink);
  return () => {
    const before = seen;
    const failure = decoder.push(chunk, sink);
    if (failure) throw failure;
    return seen - before;
  };
}

function theirs(row: Row, chunk: Buffer): () => number {
  const parser = mqttPacket.parser({ protocolVersion: row.version });
  let seen = 0;
  parser.on('packet', () => seen++);
  return () => {
    const before = seen;
    parser.parse(chunk);
    return seen - before;
  };
}

/** Encoded for one receiver, who gets a copy with an id of its own. */
function encode({ version, qos, properties }: Row): Buffer {
  const encoded = version === 5 ? encodeProperties(properties ?? {}) : undefined;
  const packed = packPublish({ topic, payload, qos, retain: false, properties: encoded });
  const bytes = Buffer.allocUnsafe(packed.length);
  copyPacked(packed, 7, bytes, 0);
  return bytes;
}

function oursEncoding(row: Row): () => number {
  let bytes = 0;
  return () => {
    for (let i = 0; i < PACKETS_PER_CHUNK; i++) bytes += encode(row).length;
    return bytes > 0 ? PACKETS_PER_CHUNK : 0;
  };
}

function theirsEncoding({ version, qos, properties }: Row): () => number {
  const packet = {
    cmd: 'publish' as const,
    topic,
    payload,
    qos,
    retain: false,
    dup: false,
    messageId: 7,
    ...(properties && { properties: { contentType: properties.contentType ?? '', userProperties: { a: 'b' } } }),
  };
  let bytes = 0;
  return () => {
    for (let i = 0; i < PACKETS_PER_CHUNK; i++) {
      bytes += mqttPacket.generate(packet, { protocolVersion: version }).length;
    }
    return bytes > 0 ? PACKETS_PER_CHUNK : 0;
  };
}

/** Best nanoseconds per packet of some rounds. */
function best(work: () => number): number {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let packets = 0;
    for (let i = 0; i < CHUNKS_PER_ROUND; i++) packets += work();
    least = Math.min(least, ((performance.now() - start) * 1e6) / packets);
  }
  return least;
}

function report(name: string, own: number, other: number): void {
  console.log(
    `${name.padEnd(36)} ${own.toFixed(0).padStart(6)} ns   mqtt-packet ${other.toFixed(0).padStart(6)} ns   ${(other / own).toFixed(1)}×`,
  );
}
