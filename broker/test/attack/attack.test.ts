import { expect } from 'chai';
import type { Attack } from './attack.ts';
import { bypassAttacks } from './bypass.ts';
import { credentialAttacks } from './credentials.ts';
import { floodAttacks } from './floods.ts';
import { Innocents } from './innocents.ts';
import { packetAttacks } from './packets.ts';
import { slowAttacks } from './slow.ts';
import { startTarget, untilMetrics } from './target.ts';
import type { Target } from './target.ts';
import { webAttacks } from './web.ts';

/**
 * What an outsider may try, on the hub as it is run. Parts by themselves have tests of their own: refused packets in
 * ../engine, limits in ../engine/limits.test.ts, rights and tokens in ../auth, origins in ../websocket.test.ts.
 */

/** Of the whole process, whatever is done to it; at rest it has some 130 MB. */
const MEMORY_BYTES = 600e6;
/** The two who talk with each other all the time. */
const CONNECTIONS = 2;
/** Files, sockets of the requests for metrics that are kept alive. */
const SPARE_HANDLES = 20;

const attacks: readonly Attack[] = [
  ...webAttacks,
  ...bypassAttacks,
  ...credentialAttacks,
  ...packetAttacks,
  ...floodAttacks,
  ...slowAttacks,
];

describe('the built hub with accounts withstands', function () {
  this.timeout(120_000);
  let target: Target;
  let innocents: Innocents;
  let handles = 0;
  const table: Record<string, string | number>[] = [];

  before(async () => {
    target = await startTarget();
    innocents = await Innocents.meet(target);
    handles = (await target.metrics()).get('process_open_fds') ?? 0;
  });

  for (const { name, run } of attacks) {
    it(name, async () => {
      const started = performance.now();
      const talk = innocents.talk();
      const { attempts, outcome } = await run(target).finally(() => talk.stop());
      const { slowest, words } = await talk.said;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const metrics = await untilMetrics(
        target,
        (now) =>
          now.get('parley_mqtt_connections_open') === CONNECTIONS &&
          (now.get('process_open_fds') ?? 0) <= handles + SPARE_HANDLES,
        'the end of all connections',
      );
      const memory = metrics.get('process_resident_memory_bytes')!;
      table.push({
        attack: name,
        attempts,
        outcome,
        s: seconds,
        words,
        'slowest ms': slowest,
        MB: Math.round(memory / 1e6),
      });

      expect(memory).to.be.below(MEMORY_BYTES);
      expect(target.running.child.exitCode).to.equal(null);
    });
  }

  after(async () => {
    console.table(table);
    await innocents.leave();
    await target[Symbol.asyncDispose]();
  });
});
