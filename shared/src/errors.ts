/** What every coded error says of itself, wherever it surfaces. docs/errors.md is printed from this table. */
export interface ErrorKind {
  /** What happened, in one sentence for a person. */
  readonly summary: string;
  /** MQTT 5 reason code (OASIS MQTT 5.0 §2.4) of a PUBACK, PUBREC, SUBACK or DISCONNECT that carries it. */
  readonly reasonCode: number;
  /** HTTP status (RFC 9110 §15) of an answer that carries it. */
  readonly status: number;
}

export const errorKinds = {
  'payload-invalid': {
    summary: 'The payload is not what this topic carries.',
    reasonCode: 0x99,
    status: 400,
  },
  'name-invalid': {
    summary: 'A channel, user or device name is not 1 to 64 of a-z 0-9 _ -, starting with a letter or digit.',
    reasonCode: 0x90,
    status: 400,
  },
  'topic-invalid': {
    summary: 'The topic cannot be published to: it is malformed, has too many levels, or does not follow its pattern.',
    reasonCode: 0x90,
    status: 400,
  },
  'not-authorized': {
    summary: 'The sender has no right to do this here.',
    reasonCode: 0x87,
    status: 403,
  },
  unauthenticated: {
    summary: 'Nobody is signed in: the name, password or token is missing or wrong, or no longer valid.',
    reasonCode: 0x86,
    status: 401,
  },
  'too-many-attempts': {
    summary: 'Signing in failed too often under this name or from this address; it is not tried again for a while.',
    reasonCode: 0x97,
    status: 429,
  },
  'account-exists': {
    summary: 'There is a person or device by that name already.',
    reasonCode: 0x97,
    status: 409,
  },
  'invite-invalid': {
    summary: 'An invite is unknown, was used or has expired.',
    reasonCode: 0x87,
    status: 410,
  },
  'not-found': {
    summary: 'There is nothing here by that name, or nothing the caller may see.',
    reasonCode: 0x90,
    status: 404,
  },
  'id-taken': {
    summary: 'Another sender has already used this entry id in the channel.',
    reasonCode: 0x99,
    status: 409,
  },
  'name-taken': {
    summary: 'There is one by that name already.',
    reasonCode: 0x97,
    status: 409,
  },
  'too-many-requests': {
    summary: 'The sender has as many requests open as one client may.',
    reasonCode: 0x97,
    status: 429,
  },
  'too-many': {
    summary: 'There are as many of these as the hub keeps.',
    reasonCode: 0x97,
    status: 409,
  },
  'not-stored': {
    summary: 'The store could not keep it, for lack of room or another failure to write: nothing of it happened.',
    reasonCode: 0x97,
    status: 507,
  },
  'quota-exceeded': {
    summary: 'The hub holds as many of these, or as many bytes of them, as its options allow.',
    reasonCode: 0x97,
    status: 507,
  },
  'too-large': {
    summary: 'The packet or body is larger than the hub accepts.',
    reasonCode: 0x95,
    status: 413,
  },
  'request-invalid': {
    summary: 'A query value, header or body of an HTTP request is not what the route takes.',
    reasonCode: 0x83,
    status: 400,
  },
  'origin-refused': {
    summary: 'A page of another origin tried to connect, and allowedOrigins does not name it.',
    reasonCode: 0x87,
    status: 403,
  },
  'option-invalid': {
    summary: 'An option is unknown, does not parse, is out of range or contradicts another.',
    reasonCode: 0x83,
    status: 500,
  },
  'listen-failed': {
    summary: 'A port could not be opened: it is in use, not permitted, or its address is not of this machine.',
    reasonCode: 0x88,
    status: 500,
  },
  'certificate-unreadable': {
    summary: 'A certificate or key file is missing, unreadable or not PEM.',
    reasonCode: 0x88,
    status: 500,
  },
  'connect-failed': {
    summary: 'A program could not connect to the broker, or was refused there.',
    reasonCode: 0x88,
    status: 502,
  },
  'scenario-invalid': {
    summary: 'A simulator scenario is unknown or does not follow its schema.',
    reasonCode: 0x83,
    status: 500,
  },
  'store-in-use': {
    summary: 'Another process has the data directory open.',
    reasonCode: 0x88,
    status: 500,
  },
  'store-access': {
    summary: 'The data directory, a file in it or a backup cannot be created, read or written.',
    reasonCode: 0x88,
    status: 500,
  },
  'store-newer': {
    summary: 'A newer version of Parley wrote the store.',
    reasonCode: 0x88,
    status: 500,
  },
  'store-corrupt': {
    summary: 'The store is truncated or damaged; restore a backup.',
    reasonCode: 0x88,
    status: 500,
  },
  'store-unfinished': {
    summary: 'A restore into the store was not finished; delete it and restore again.',
    reasonCode: 0x88,
    status: 500,
  },
  'store-full': {
    summary: 'There is no room on the disk. The hub recovers by itself when there is.',
    reasonCode: 0x97,
    status: 507,
  },
  'store-write': {
    summary: 'The store could not write for another reason than a full disk.',
    reasonCode: 0x83,
    status: 500,
  },
  'store-closed': {
    summary: 'The store is already closed: the hub is stopping.',
    reasonCode: 0x8b,
    status: 503,
  },
  'store-key': {
    summary: 'A row has a key that is too long or not made of strings and safe integers.',
    reasonCode: 0x83,
    status: 500,
  },
  'backup-damaged': {
    summary: 'A backup is damaged, cut off or not one at all.',
    reasonCode: 0x83,
    status: 500,
  },
  'backup-newer': {
    summary: 'A newer version of Parley made the backup.',
    reasonCode: 0x83,
    status: 500,
  },
  'restore-not-empty': {
    summary: 'A restore needs an empty data directory, and this one holds something.',
    reasonCode: 0x83,
    status: 500,
  },
  internal: {
    summary: 'The hub failed in a way it did not foresee; its log has the details.',
    reasonCode: 0x80,
    status: 500,
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** An error with a stable code. `message` names what was wrong and where. */
export class ParleyError extends Error {
  override readonly name: string = 'ParleyError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get reasonCode(): number {
    return errorKinds[this.code].reasonCode;
  }

  get status(): number {
    return errorKinds[this.code].status;
  }
}

/** The error as a ParleyError: itself when it is one, else `internal` with the original as its cause. */
export function coded(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  return new ParleyError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
