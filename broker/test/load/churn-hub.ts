// A hub in a process of its own, which says how much heap it uses when asked. Run with --expose-gc.
import { startTestHub } from '../support/hub.ts';

const hub = await startTestHub({ sessionExpirySeconds: 1 });

process.on('message', () => {
  void measure().then((heap) => process.send?.({ heap, clients: hub.aedes.connectedClients }));
});
process.send?.({ mqtt: hub.ports.mqtt, http: hub.ports.http });

/** The heap in use once the last sessions have expired. */
async function measure(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1600));
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}
