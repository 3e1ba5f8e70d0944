import type { AuthenticateError } from 'aedes';
import type { Connection } from './connection.ts';
import { isCustom, type Core } from './core.ts';
import { hookFailed } from './guard.ts';
import type { AuthAnswer, EnhancedAuthentication } from './hooks.ts';
import { PacketType, type ConnectPacket } from './packets.ts';
import { ProtocolError } from './protocol-error.ts';
import { Reason, toReturnCode } from './reason.ts';

/** Data of the method for the CONNACK or final AUTH. */
type Authenticated = (error: Error | null, data?: Buffer) => void;

/** Aedes' `returnCode` of an authentication error as a reason code. */
const reasons: Readonly<Record<number, number>> = {
  2: Reason.clientIdentifierNotValid,
  3: Reason.serverUnavailable,
  4: Reason.badUserNameOrPassword,
  5: Reason.notAuthorized,
};

/** Exchanges that wait for the client's next AUTH. */
const waiting = new WeakMap<Connection, Authenticated>();

/** Finds out who a client is: by user name and password, or by the method it names (§4.12). */
export function authenticate(core: Core, connection: Connection, packet: ConnectPacket, done: Authenticated): void {
  const method = packet.properties?.authenticationMethod;
  if (method !== undefined) return begin(core, connection, method, packet.properties?.authenticationData, done);
  const { aedes } = core;
  if (!isCustom(aedes, 'authenticate')) return done(null);
  let answered = false;
  const answer = (error: AuthenticateError | Error | null, success: boolean | null): void => {
    if (answered) return;
    answered = true;
    done(error ? toProtocolError(error) : success ? null : denied());
  };
  try {
    aedes.authenticate(connection.asClient(), packet.username, packet.password, answer);
  } catch (error) {
    hookFailed(core, 'authenticate', error);
    answer(failure(), null);
  }
}

/** AUTH 0x18: the client's next step. */
export function continueAuthentication(core: Core, connection: Connection, data: Buffer | undefined): void {
  const done = waiting.get(connection);
  if (!done) throw new ProtocolError(Reason.protocolError, '§4.12', 'AUTH outside an authentication');
  waiting.delete(connection);
  step(core, core.hooks.enhancedAuthentication!, connection, data, connection.connected, done);
}

/** AUTH 0x19: a client that is connected proves again who it is; failing that it is disconnected (§4.12.1). */
export function reauthenticate(core: Core, connection: Connection, data: Buffer | undefined): void {
  step(core, core.hooks.enhancedAuthentication!, connection, data, true, (error, answer) => {
    if (error) return connection.fail(error);
    sendAuth(connection, Reason.success, answer);
  });
}

/** [MQTT-4.12.0-1]: a method we do not have is refused with 0x8C. */
function begin(
  core: Core,
  connection: Connection,
  method: string,
  data: Buffer | undefined,
  done: Authenticated,
): void {
  const enhanced = core.hooks.enhancedAuthentication;
  if (!enhanced?.methods.includes(method)) {
    return done(new ProtocolError(Reason.badAuthenticationMethod, 'MQTT-4.12.0-1', 'unknown authentication method'));
  }
  connection.authenticationMethod = method;
  step(core, enhanced, connection, data, false, done);
}

function step(
  core: Core,
  enhanced: EnhancedAuthentication,
  connection: Connection,
  data: Buffer | undefined,
  again: boolean,
  done: Authenticated,
): void {
  const method = connection.authenticationMethod!;
  connection.intake.hold();
  const answered = (error: Error | null, answer?: AuthAnswer): void => {
    if (connection.closed) return;
    if (error) return done(toProtocolError(error));
    if (!answer || answer.done) {
      if (again) connection.intake.release();
      return done(null, answer?.data);
    }
    waiting.set(connection, done);
    sendAuth(connection, Reason.continueAuthentication, answer.data);
    connection.intake.release();
  };
  try {
    enhanced.step(connection, { method, data, again }, answered);
  } catch (error) {
    hookFailed(core, 'enhancedAuthentication', error);
    answered(failure());
  }
}

/** What a client is told when a hook threw: not that it is who it is, nor why. */
function failure(): Error & { reasonCode: number } {
  return Object.assign(new Error('authentication failed'), { reasonCode: Reason.implementationSpecificError });
}

function sendAuth(connection: Connection, reasonCode: number, data: Buffer | undefined): void {
  const method = { authenticationMethod: connection.authenticationMethod! };
  const properties = data ? { ...method, authenticationData: data } : method;
  connection.sender.send({ type: PacketType.auth, reasonCode, properties });
}

function toProtocolError(error: Error & Partial<AuthenticateError> & { reasonCode?: number }): ProtocolError {
  const { reasonCode, returnCode, message } = error;
  const reason = reasonCode ?? reasons[returnCode ?? 5] ?? Reason.notAuthorized;
  return new ProtocolError(reason, '§3.1.4', message, returnCode ?? toReturnCode(reason));
}

function denied(): ProtocolError {
  return new ProtocolError(Reason.notAuthorized, '§3.1.4', 'not authorized', toReturnCode(Reason.notAuthorized));
}
