import { PINGRESP } from '../acks.ts';
import type { Connection } from '../connection.ts';
import type { Core } from '../core.ts';
import { emit } from '../guard.ts';

const PINGREQ = Object.freeze({ cmd: 'pingreq' });

/** PINGREQ (§3.12): answered at once [MQTT-3.12.4-1]. */
export function handlePingreq(core: Core, connection: Connection): void {
  connection.sender.sendPacked(PINGRESP);
  emit(core, 'ping', PINGREQ, connection);
}
