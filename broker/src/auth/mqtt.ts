import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { coded, ParleyError } from '@parley/shared';
import type { Aedes, AuthenticateError, Client, ConnectPacket } from 'aedes';
import type { Log } from '../log.ts';
import type { Connection } from '../mqtt/connection.ts';
import type { Engine } from '../mqtt/engine.ts';
import { Reason } from '../mqtt/reason.ts';
import type { Scope } from '../scope.ts';
import type { Accounts } from './accounts.ts';
import type { Authenticator } from './authenticator.ts';
import type { Grant } from './grant.ts';
import type { Rights } from './rights.ts';

export interface MqttAuthContext {
  readonly accounts: Accounts;
  readonly authenticator: Authenticator;
  readonly rights: Rights;
  /** The token of a page's cookie, when the request for its WebSocket brought one that counts. */
  readonly cookieOf: (request: IncomingMessage) => string | undefined;
  readonly addressOf: (connection: Connection) => string;
}

export interface RevokeContext {
  readonly accounts: Accounts;
  readonly log: Log;
}

/** What expires is looked for this often; what is revoked ends at once. */
const SWEEP_MS = 10_000;

/** Return codes of 3.1.1 (§3.2.2.3) by reason code: 3 is try later, 4 a wrong password. */
const returnCodes: Readonly<Record<number, number>> = { [Reason.quotaExceeded]: 3, [Reason.serverBusy]: 3 };

/** Aedes' hook for a hub with accounts: CONNECT brings a password, a token, a certificate or a page's cookie. */
export function authenticateConnections(context: MqttAuthContext): Aedes['authenticate'] {
  return (client, username, password, done) => {
    const connection = client as unknown as Connection;
    void judge(context, connection, username, password).then((refused) =>
      setImmediate(done, refused, refused === null),
    );
  };
}

/** Settles who a connection is, or gives why it is none. */
async function judge(
  context: MqttAuthContext,
  connection: Connection,
  username: string | undefined,
  password: Buffer | undefined,
): Promise<AuthenticateError | null> {
  try {
    const grant = await identify(context, connection, username, password);
    if (!mayLeaveWill(context, connection, grant)) {
      throw new ParleyError('not-authorized', 'the will is to a topic it may not publish to');
    }
    connection.user = grant.name;
    connection.grant = grant;
    return null;
  } catch (failure) {
    return refusal(coded(failure));
  }
}

async function identify(
  { authenticator, cookieOf, addressOf }: MqttAuthContext,
  connection: Connection,
  username: string | undefined,
  password: Buffer | undefined,
): Promise<Grant> {
  if (password !== undefined && password.length > 0) {
    return authenticator.check({ user: username, password: password.toString(), address: addressOf(connection) });
  }
  const commonName = commonNameOf(connection);
  if (commonName !== undefined) return authenticator.certificate(commonName, username);
  const cookie = connection.req && cookieOf(connection.req);
  if (cookie !== undefined) return authenticator.cookie(cookie, username);
  throw new ParleyError('unauthenticated', 'a user name with a password, or a token as the password, is needed');
}

/** Of a certificate that the authority of `tlsCa` signed. */
function commonNameOf({ conn, req }: Connection): string | undefined {
  const socket = req ? req.socket : conn;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

/** Topics of wills, from when CONNECT comes until its client is known. */
const wills = new WeakMap<object, string>();

/** Aedes' hook before a client is known. */
export function noteWill(client: Client, packet: ConnectPacket, done: (error: null, success: true) => void): void {
  if (packet.will) wills.set(client, packet.will.topic);
  done(null, true);
}

/** A will may be published long after what its client was let in by has ended, so that is asked now. */
function mayLeaveWill({ rights }: MqttAuthContext, connection: Connection, grant: Grant): boolean {
  const topic = wills.get(connection);
  return topic === undefined || rights.may({ id: connection.id, user: grant.name, grant }, 'publish', topic);
}

function refusal(error: ParleyError): AuthenticateError & { reasonCode: number } {
  const busy = error.code === 'too-many-requests' ? Reason.serverBusy : undefined;
  const bad = error.code === 'name-invalid' ? Reason.badUserNameOrPassword : undefined;
  const reasonCode = busy ?? bad ?? error.reasonCode;
  const returnCode = returnCodes[reasonCode] ?? (reasonCode === Reason.badUserNameOrPassword ? 4 : 5);
  return Object.assign(new Error(error.message), { returnCode, reasonCode });
}

/**
 * Ends connections whose password, token or account is no longer good, at once. Sessions of an account that was removed end
 * with it, those from before a restart too: whoever has the name later must not find what was queued for somebody else.
 */
export function endRevoked(engine: Engine, aedes: Aedes, { accounts, log }: RevokeContext, scope: Scope): void {
  let due: NodeJS.Immediate | undefined;
  const sweep = (): void => {
    due = undefined;
    endRemoved(engine, accounts).catch((error: Error) => {
      // Their rows are still there: the next change, or start, tries again.
      log.warn({ event: 'sessions.not-ended' }, error.message);
    });
    for (const { connection } of engine.sessions) if (connection) check(connection, accounts);
  };
  scope.defer(accounts.onChange(() => (due ??= setImmediate(sweep))));
  sweep();
  const timer = setInterval(sweep, SWEEP_MS).unref();
  scope.defer(() => {
    clearInterval(timer);
    clearImmediate(due);
  });
  // It may have been revoked between its check and its session.
  scope.on(aedes, 'clientReady', (client: Connection) => {
    const { session, grant } = client;
    check(client, accounts);
    if (session && grant && !accounts.row(grant.name)) engine.sessions.end(session);
  });
}

async function endRemoved({ sessions }: Engine, accounts: Accounts): Promise<void> {
  const removed = accounts.removed();
  if (removed.size === 0) return;
  for (const session of sessions) {
    if (!removed.has(session.owner)) continue;
    session.connection?.disconnect(Reason.notAuthorized, 'the account was removed');
    sessions.end(session);
  }
  await accounts.forget(removed);
}

function check(connection: Connection, accounts: Accounts): void {
  const { grant } = connection;
  if (!grant || accounts.isLive(grant)) return;
  // Its will says that it is gone, with the rights of its account; one limited to channels has none beyond them.
  if (!grant.channels) connection.grant = undefined;
  connection.disconnect(Reason.notAuthorized, 'signed out');
}
