import type { ProtocolVersion } from '../link.ts';

/** CONNACK codes in words (MQTT 3.1.1 §3.2.2.3). */
const words: Readonly<Record<number, string>> = {
  1: 'Unacceptable protocol version',
  2: 'Identifier rejected',
  3: 'Server unavailable',
  4: 'Bad username or password',
  5: 'Not authorized',
  // MQTT 5 §3.2.2.2.
  0x81: 'Malformed packet',
  0x82: 'Protocol error',
  0x84: 'Unsupported protocol version',
  0x85: 'Client identifier not valid',
  0x86: 'Bad username or password',
  0x87: 'Not authorized',
  0x88: 'Server unavailable',
  0x89: 'Server busy',
  0x8a: 'Banned',
  0x8c: 'Bad authentication method',
  0x90: 'Topic name invalid',
  0x95: 'Packet too large',
  0x97: 'Quota exceeded',
  0x9c: 'Use another server',
  0x9d: 'Server moved',
  0x9f: 'Connection rate exceeded',
};

/** Those that another attempt may find gone. */
const passing: Readonly<Record<ProtocolVersion, ReadonlySet<number>>> = {
  4: new Set([3]),
  5: new Set([0x88, 0x89, 0x97, 0x9f]),
};

export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
  readonly code: number;
  readonly isPassing: boolean;

  constructor(code: number, version: ProtocolVersion) {
    super(`Connection refused: ${words[code] ?? `reason code ${code}`}`);
    this.code = code;
    this.isPassing = passing[version].has(code);
  }
}
