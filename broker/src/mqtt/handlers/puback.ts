import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { emit } from '../guard.ts';
import type { PubackPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';

/**
 * PUBACK of a QoS 1 message we sent (§4.3.2). A reason of 0x80 or more ends its delivery just the same: it is neither
 * sent again nor given to another member of its share group [MQTT-4.8.2-6].
 */
export function handlePuback(core: Core, connection: Connection, packet: PubackPacket): void {
  const session = connection.session!;
  const out = session.inflight.get(packet.packetId);
  if (!out) return;
  if (out.qos !== 1) throw protocolError('§4.3.3', 'PUBACK for a QoS 2 message');
  session.settle(out);
  emit(core, 'ack', out.message, connection);
  session.pump();
}
