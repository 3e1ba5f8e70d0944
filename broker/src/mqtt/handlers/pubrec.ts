import { PUBREL } from '../acks.ts';
import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import type { Outgoing } from '../outgoing.ts';
import { PacketType, type PubrecPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';
import { Reason } from '../reason.ts';

const FAILURE = 0x80;

/** PUBREC of a QoS 2 message we sent (§4.3.3): from here on it is PUBREL that is sent again, never PUBLISH. */
export function handlePubrec(core: Core, connection: Connection, packet: PubrecPacket): void {
  const session = connection.session!;
  const { packetId, reasonCode } = packet;
  const out = session.inflight.get(packetId);
  if (!out) {
    // §3.6.2.1: an unknown id is answered, so that the client can forget it.
    if (reasonCode < FAILURE) answerUnknown(connection, packetId);
    return;
  }
  if (out.qos !== 2) throw protocolError('§4.3.2', 'PUBREC for a QoS 1 message');
  if (reasonCode >= FAILURE) {
    // [MQTT-4.8.2-6], §4.3.3: refused, so its delivery ends here.
    session.settle(out);
    return session.pump();
  }
  release(core, connection, out);
}

function release({ store, log }: Core, connection: Connection, out: Outgoing): void {
  const session = connection.session!;
  if (out.released || out.seq === 0) {
    session.release(out);
    return connection.sender.sendPacked(PUBREL, out.packetId);
  }
  // The client may forget the id at PUBREL: that it got the message has to be kept first.
  const batch = store.batch();
  batch.mark(session.id, out.seq, { packetId: out.packetId, released: true, order: session.nextRelease() });
  batch.persist((error) => {
    if (error) log('store-failed', { client: session.id, error: error.message });
    else session.release(out);
    if (!error && !connection.closed) connection.sender.sendPacked(PUBREL, out.packetId);
  });
}

function answerUnknown(connection: Connection, packetId: number): void {
  if (connection.version !== 5) return connection.sender.sendPacked(PUBREL, packetId);
  const reasonCode = Reason.packetIdentifierNotFound;
  connection.sender.send({ type: PacketType.pubrel, packetId, reasonCode, properties: undefined });
}
