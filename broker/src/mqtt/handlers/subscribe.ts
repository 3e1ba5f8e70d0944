import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { PacketType, type SubscribePacket } from '../packets.ts';
import { SubscribeRequest } from '../subscribe-request.ts';

/** SUBSCRIBE (§3.8): nothing that follows is handled until it is answered, as rights may take time to look up. */
export function handleSubscribe(core: Core, connection: Connection, packet: SubscribePacket): void {
  const { packetId, subscriptions, properties } = packet;
  connection.intake.hold();
  new SubscribeRequest(core, connection, subscriptions, properties?.subscriptionIdentifier ?? 0).run((reasonCodes) => {
    if (connection.closed) return;
    connection.sender.send({ type: PacketType.suback, packetId, reasonCodes, properties: undefined });
    connection.intake.release();
  });
}
