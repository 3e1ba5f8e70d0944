import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import type { DisconnectPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';
import { Reason } from '../reason.ts';

/** DISCONNECT of a client (§3.14): only reason 0x00 deletes its will [MQTT-3.14.4-3]. */
export function handleDisconnect({ sessions }: Core, connection: Connection, packet: DisconnectPacket): void {
  const { session } = connection;
  const expiry = packet.properties?.sessionExpiryInterval;
  if (session && expiry !== undefined) {
    // §3.14.2.2.2: a session without expiry cannot be given one at its end.
    if (expiry > 0 && !session.durable) throw protocolError('§3.14.2.2.2', 'session expiry set at DISCONNECT');
    sessions.setExpiry(session, expiry);
  }
  connection.leave(packet.reasonCode !== Reason.success);
}
