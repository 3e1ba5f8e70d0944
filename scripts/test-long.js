// `npm run test:long`: the campaigns that CI runs in short, at full length. `PARLEY_SEED=7 npm run test:long` goes another way.
import { spawnSync } from 'node:child_process';

/** Patterns of tests, and the variables that make them long. */
const campaigns = {
  'broker/test/process/kill.test.ts': { PARLEY_HUB_KILLS: '100' },
  'broker/test/store/kill.test.ts': { PARLEY_KILLS: '150' },
  'broker/test/store/power-cut.test.ts': { PARLEY_CUTS: '400' },
  'broker/test/load/idle-readers.test.ts': { PARLEY_IDLE_READERS: '10000' },
  'shared/test/client/chaos.test.ts': { PARLEY_CHAOS_KILLS: '100', PARLEY_CHAOS_RUNS: '3000' },
};

let failed = 0;
for (const [pattern, settings] of Object.entries(campaigns)) {
  console.log(`${pattern} ${JSON.stringify(settings)}`);
  const env = { ...settings, ...process.env };
  const { status } = spawnSync(process.execPath, ['scripts/test.js', pattern], { stdio: 'inherit', env });
  if (status !== 0) failed++;
}
console.log(failed === 0 ? 'all campaigns passed' : `${failed} campaigns failed`);
process.exitCode = failed === 0 ? 0 : 1;
