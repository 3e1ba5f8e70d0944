import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { emit } from '../guard.ts';
import type { PubcompPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';

/** PUBCOMP: the client has let go of a QoS 2 message we sent, and its packet id is free (§4.3.3). */
export function handlePubcomp(core: Core, connection: Connection, packet: PubcompPacket): void {
  const session = connection.session!;
  const out = session.inflight.get(packet.packetId);
  if (!out) return;
  if (out.qos !== 2) throw protocolError('§4.3.2', 'PUBCOMP for a QoS 1 message');
  if (!out.released) throw protocolError('§4.3.3', 'PUBCOMP before PUBREC');
  session.settle(out);
  emit(core, 'ack', out.message, connection);
  session.pump();
}
