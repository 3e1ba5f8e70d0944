import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { PacketType, type UnsubscribePacket } from '../packets.ts';
import { unsubscribe } from '../unsubscribe.ts';

/** UNSUBSCRIBE (§3.10): answered for each filter, whether or not it existed [MQTT-3.11.3-1]. */
export function handleUnsubscribe(core: Core, connection: Connection, packet: UnsubscribePacket): void {
  const { packetId, filters } = packet;
  unsubscribe(core, connection, filters, (reasonCodes) => {
    if (connection.closed) return;
    connection.sender.send({ type: PacketType.unsuback, packetId, reasonCodes, properties: undefined });
  });
}
