import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { PacketType, type ClientPacket } from '../packets.ts';
import { protocolError } from '../protocol-error.ts';
import { handleAuth } from './auth.ts';
import { handleConnect } from './connect.ts';
import { handleDisconnect } from './disconnect.ts';
import { handlePingreq } from './pingreq.ts';
import { handlePuback } from './puback.ts';
import { handlePubcomp } from './pubcomp.ts';
import { handlePublish } from './publish.ts';
import { handlePubrec } from './pubrec.ts';
import { handlePubrel } from './pubrel.ts';
import { handleSubscribe } from './subscribe.ts';
import { handleUnsubscribe } from './unsubscribe.ts';

/** Gives a packet to its handler; the decoder has seen to it that CONNECT comes first and once. */
export function handle(core: Core, connection: Connection, packet: ClientPacket): void {
  if (!connection.connected) return handleEarly(core, connection, packet);
  switch (packet.type) {
    case PacketType.publish:
      return handlePublish(core, connection, packet);
    case PacketType.puback:
      return handlePuback(core, connection, packet);
    case PacketType.pubrec:
      return handlePubrec(core, connection, packet);
    case PacketType.pubrel:
      return handlePubrel(core, connection, packet);
    case PacketType.pubcomp:
      return handlePubcomp(core, connection, packet);
    case PacketType.subscribe:
      return handleSubscribe(core, connection, packet);
    case PacketType.unsubscribe:
      return handleUnsubscribe(core, connection, packet);
    case PacketType.pingreq:
      return handlePingreq(core, connection);
    case PacketType.disconnect:
      return handleDisconnect(core, connection, packet);
    case PacketType.auth:
      return handleAuth(core, connection, packet);
    case PacketType.connect:
      throw protocolError('MQTT-3.1.0-2', 'a second CONNECT');
  }
}

/** Before CONNACK only an authentication in progress goes on [MQTT-3.1.2-30]; the rest waits in the decoder. */
function handleEarly(core: Core, connection: Connection, packet: ClientPacket): void {
  if (packet.type === PacketType.connect) return handleConnect(core, connection, packet);
  if (packet.type === PacketType.auth) return handleAuth(core, connection, packet);
  if (packet.type === PacketType.disconnect) return handleDisconnect(core, connection, packet);
  throw protocolError('MQTT-3.1.2-30', 'only AUTH and DISCONNECT may come while authenticating');
}
