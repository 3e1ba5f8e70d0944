import type { Cause } from './counters.ts';
import { Reason, ReturnCode } from './reason.ts';

/** Bytes that the specification forbids; the connection is closed after the answer the version allows. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  /** For the CONNACK or DISCONNECT of an MQTT 5 client. */
  readonly reasonCode: number;
  /** The statement broken: `MQTT-3.1.2-2`, or a section such as `§3.1.2.1` where there is none. */
  readonly clause: string;
  /** For the CONNACK of a 3.x client; 0: close without an answer [MQTT-4.8.0-1] (v3.1.1). */
  readonly returnCode: number;

  constructor(reasonCode: number, clause: string, message: string, returnCode: number = ReturnCode.accepted) {
    super(message);
    this.reasonCode = reasonCode;
    this.clause = clause;
    this.returnCode = returnCode;
  }
}

/** A limit of the hub that was passed, by this client or by all together. */
export class LimitError extends ProtocolError {
  /** Under what it is counted. */
  readonly limit: Cause;

  constructor(limit: Cause, message: string) {
    super(Reason.quotaExceeded, '§4.13', message);
    this.limit = limit;
  }
}

export function malformed(clause: string, message: string): ProtocolError {
  return new ProtocolError(Reason.malformedPacket, clause, message);
}

export function protocolError(clause: string, message: string): ProtocolError {
  return new ProtocolError(Reason.protocolError, clause, message);
}
