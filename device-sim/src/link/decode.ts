import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import type { ProtocolVersion } from '../link.ts';

type Parser = ReturnType<typeof mqttPacket.parser>;

interface Reader {
  readonly parser: Parser;
  packet: Packet | undefined;
  error: Error | undefined;
}

/** Whole packets go in, so nothing is left between two calls and all links share a parser. */
const readers = new Map<ProtocolVersion, Reader>();

/**
 * The one whole packet in `bytes`; its payload is only valid as long as they are.
 * @throws Error for what the specification does not allow
 */
export function decodePacket(bytes: Buffer, version: ProtocolVersion): Packet {
  const reader = readers.get(version) ?? newReader(version);
  reader.packet = undefined;
  reader.parser.parse(bytes);
  const { packet, error } = reader;
  if (packet && !error) return packet;
  // A parser that met an error is of no more use.
  readers.delete(version);
  throw error ?? new Error('the broker sent a packet that is cut off');
}

function newReader(protocolVersion: ProtocolVersion): Reader {
  const parser = mqttPacket.parser({ protocolVersion });
  const reader: Reader = { parser, packet: undefined, error: undefined };
  parser.on('packet', (packet) => (reader.packet = packet));
  parser.on('error', (error: Error) => (reader.error = error));
  readers.set(protocolVersion, reader);
  return reader;
}
