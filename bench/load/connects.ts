import { setTimeout as sleep } from 'node:timers/promises';
import type { Cell, ConnectJob, Target } from './job.ts';
import { Meter } from './meter.ts';
import { openAll } from './open.ts';

/** Opens connections and leaves them idle; CPU time is taken up to the last CONNACK, memory after the settling. */
export async function runConnects(target: Target, { before, connections, settleMs }: ConnectJob): Promise<Cell> {
  const meter = new Meter(target.pid);
  const first = await openAll(target, before);
  await sleep(settleMs);
  meter.start(0);
  const counted = await openAll(target, connections);
  const measured = meter.stop(connections);
  let lost = 0;
  for (const client of [...first, ...counted]) client.onLost = () => lost++;
  await sleep(settleMs);
  const rssBytes = meter.rssGrowth();
  for (const client of [...first, ...counted]) client.close();
  await sleep(200); // the broker sees them go
  return { ...measured, rssBytes, lost };
}
