import { errorKinds } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

/** What goes wrong on this side of the wire; what the hub refuses is a `ParleyError` with the hub's code. */
export const clientErrors = {
  'link-down': 'There is no connection to the hub, or it ended before the hub answered.',
  'hub-unreachable': 'The hub did not answer over HTTP.',
  'connection-refused': 'The hub refused the connection.',
  timeout: 'The answer did not come in time.',
  'command-failed': 'The device answered that the command failed.',
  'storage-failed': 'The storage did not keep what it was given.',
  closed: 'The client was closed.',
} as const;

export type ClientErrorCode = keyof typeof clientErrors;

/** An error of the client itself, with a stable code. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string = clientErrors[code], options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Why something was not done: the hub's code (docs/errors.md) or one of {@link ClientErrorCode}. */
export interface Failure {
  readonly code: string;
  /** For a person. */
  readonly message: string;
  /** MQTT 5 reason code, where one was given. */
  readonly reasonCode?: number;
}

/** Refused by the hub, with its own code, message and reason code. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly reasonCode: number | undefined;

  constructor({ code, message, reasonCode }: Failure) {
    super(message);
    this.code = code;
    this.reasonCode = reasonCode;
  }
}

/** The first of the hub's codes that travels as this reason code; several share one, and a reader gets the usual. */
export function codeOfReason(reasonCode: number): string {
  const codes = Object.keys(errorKinds) as ErrorCode[];
  return codes.find((code) => errorKinds[code].reasonCode === reasonCode) ?? `mqtt-0x${reasonCode.toString(16)}`;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const { code, reasonCode } = error as Partial<Failure>;
  return {
    code: typeof code === 'string' ? code : 'internal',
    message: error.message,
    ...(typeof reasonCode === 'number' && { reasonCode }),
  };
}
