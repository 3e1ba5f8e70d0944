import type { ProtocolVersion } from '../../../src/mqtt/packets.ts';
import { join, none, packet, type Part, properties, protocol, text, uint16 } from './bytes.ts';

export interface ValidRow {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly first: number;
  readonly body: Buffer;
  /** Lengths at which a cut body is a whole packet again. */
  readonly wholeAt: readonly number[];
  /** A cut there leaves no filter, which is not malformed but a protocol error. */
  readonly emptyAt?: number;
  /** Bytes may follow: they are payload. */
  readonly openEnd?: boolean;
}

function row(name: string, version: ProtocolVersion, first: number, wholeAt: number[], ...body: Part[]): ValidRow {
  return { name, version, first, body: join(...body), wholeAt };
}

const id = uint16(7);

/** Whole packets of every type a client sends, to be cut, lengthened and changed. */
export function validPackets(version: ProtocolVersion): ValidRow[] {
  const nothing = none(version);
  const filter = text('a/+/b');
  const open = { openEnd: true };
  const publishHead = 2 + 3 + nothing.length;
  return [
    { ...row('PUBLISH QoS 0', version, 0x30, [publishHead, publishHead + 1], text('a/b'), nothing, 'aabb'), ...open },
    { ...row('PUBLISH QoS 1', version, 0x32, [publishHead + 2], text('a/b'), id, nothing, 'aa'), ...open },
    ...[0x40, 0x50, 0x62, 0x70].map((first) => row(`ACK ${first.toString(16)}`, version, first, [], id)),
    { ...row('SUBSCRIBE', version, 0x82, [], id, nothing, filter, 1), emptyAt: 2 + nothing.length },
    { ...row('UNSUBSCRIBE', version, 0xa2, [], id, nothing, filter), emptyAt: 2 + nothing.length },
    row('PINGREQ', version, 0xc0, []),
    row('DISCONNECT', version, 0xe0, []),
    ...(version === 5 ? validFive() : []),
  ];
}

function validFive(): ValidRow[] {
  const reason = properties(0x1f, text('why'), 0x26, text('a'), text('b'));
  return [
    ...[0x40, 0x50, 0x62, 0x70].map((first) =>
      row(`ACK ${first.toString(16)} with properties`, 5, first, [2, 3], id, first < 0x60 ? 0x80 : 0x92, reason),
    ),
    row('DISCONNECT with properties', 5, 0xe0, [0, 1], 0x04, reason),
    row('AUTH', 5, 0xf0, [], 0x19, properties(0x15, text('m'), 0x16, text('d'))),
    {
      ...row(
        'PUBLISH with properties',
        5,
        0x32,
        [],
        text('a'),
        id,
        properties(
          0x01,
          1,
          0x02,
          '00000009',
          0x03,
          text('t'),
          0x08,
          text('r'),
          0x09,
          text('c'),
          0x23,
          '0001',
          0x26,
          text('k'),
          text('v'),
        ),
      ),
      openEnd: true,
    },
  ];
}

/** CONNECT with everything in it. */
export function fullConnect(version: ProtocolVersion): ValidRow {
  const own = version === 5 ? properties(0x11, '00000005', 0x21, '0005', 0x27, '00001000', 0x22, '0003') : join();
  const will = version === 5 ? properties(0x18, '00000001', 0x01, 1, 0x26, text('k'), text('v')) : join();
  const before = join(protocol(version), 0xee, uint16(30), own, text('client'), will, text('w/t'), text('gone'));
  // 3.1: the remaining length wins over the user name and password flags.
  const wholeAt = version === 3 ? [before.length, before.length + 4] : [];
  return row('CONNECT', version, 0x10, wholeAt, before, text('me'), text('secret'));
}

export function bytesOf({ first, body }: ValidRow): Buffer {
  return packet(first, body);
}
