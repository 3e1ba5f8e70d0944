import { PUBCOMP } from '../acks.ts';
import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { PacketType, type PubrelPacket } from '../packets.ts';
import { Reason } from '../reason.ts';

/** PUBREL: the client releases a QoS 2 message of its own; its packet id may mean another message from now on (§4.3.3). */
export function handlePubrel({ store, log }: Core, connection: Connection, { packetId }: PubrelPacket): void {
  const session = connection.session!;
  if (!session.received?.delete(packetId)) return unknown(store, connection, packetId);
  if (!session.durable) return complete(connection, packetId);
  // Kept before it is answered: a new message under this id must not be taken for the old one after a crash.
  const batch = store.batch();
  batch.release(session.id, packetId);
  batch.persist((error) => {
    if (error) log('store-failed', { client: session.id, error: error.message });
    else complete(connection, packetId);
  });
}

function complete(connection: Connection, packetId: number): void {
  connection.openIds?.delete(packetId);
  if (!connection.closed) connection.sender.sendPacked(PUBCOMP, packetId);
}

/** Released before, perhaps a moment ago: it is answered when that is kept. */
function unknown(store: Core['store'], connection: Connection, packetId: number): void {
  if (!connection.session!.durable) return answerUnknown(connection, packetId);
  store.batch().commit((error) => {
    if (error) connection.disconnect(Reason.quotaExceeded);
    else if (!connection.closed) answerUnknown(connection, packetId);
  });
}

/** §3.7.2.1: 0x92 tells a client that the states differ; it is no error after a resumed session. */
function answerUnknown(connection: Connection, packetId: number): void {
  if (connection.version !== 5) return connection.sender.sendPacked(PUBCOMP, packetId);
  const reasonCode = Reason.packetIdentifierNotFound;
  connection.sender.send({ type: PacketType.pubcomp, packetId, reasonCode, properties: undefined });
}
