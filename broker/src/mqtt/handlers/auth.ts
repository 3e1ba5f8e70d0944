import { continueAuthentication, reauthenticate } from '../authentication.ts';
import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import type { AuthPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';
import { Reason } from '../reason.ts';

/** AUTH (§3.15): the next step of an authentication, or a new one on a connection that is open. */
export function handleAuth(core: Core, connection: Connection, packet: AuthPacket): void {
  const { authenticationMethod: method } = connection;
  // [MQTT-4.12.0-5], [MQTT-4.12.1-1]: the method of CONNECT, and none when it had none [MQTT-4.12.0-6].
  if (method === undefined || packet.properties?.authenticationMethod !== method) {
    throw protocolError('MQTT-4.12.0-5', 'AUTH without the authentication method of CONNECT');
  }
  const data = packet.properties.authenticationData;
  if (packet.reasonCode === Reason.continueAuthentication) return continueAuthentication(core, connection, data);
  if (packet.reasonCode !== Reason.reauthenticate || !connection.connected) {
    throw protocolError('MQTT-3.15.2-1', 'AUTH with a reason that is not for this moment');
  }
  reauthenticate(core, connection, data);
}
