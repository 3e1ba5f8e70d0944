import type { DeviceWatch } from '../device/device.ts';
import type { FleetCounts } from '../tally.ts';

/** Changes are gathered for this long, so that a whole fleet coming up is one line. */
const gatherMs = 250;
const rateMs = 5000;
/** More names than this are counted instead. */
const mostNames = 24;

type Shown = Pick<FleetCounts, 'devices' | 'up' | 'published' | 'answered' | 'failed'>;

const noCounts = (): Shown => ({ devices: 0, up: 0, published: 0, answered: 0, failed: 0 });

export interface FleetReport {
  readonly watch: Pick<DeviceWatch, 'up' | 'down' | 'refused'>;
  start(counts: () => Shown): void;
  stop(): void;
}

/** Plain lines: which devices came up and went down, and the rate every few seconds. */
export function fleetReport(print: (line: string) => void): FleetReport {
  const [up, down] = [new Set<string>(), new Set<string>()];
  let counts = noCounts;
  let problem = '';
  let told = '';
  let gathering: NodeJS.Timeout | undefined;
  let rating: NodeJS.Timeout | undefined;

  const flush = (): void => {
    gathering = undefined;
    const { up: now, devices } = counts();
    if (up.size > 0) print(`up: ${listed(up)} (${now} of ${devices})`);
    const lines = down.size > 0 ? `down: ${listed(down)} (${now} of ${devices} up)${problem && `, ${problem}`}` : '';
    // A broker that stays away is told once, not at every retry.
    if (lines !== '' && lines !== told) print(`${lines}; trying again`);
    told = up.size > 0 ? '' : lines || told;
    up.clear();
    down.clear();
  };
  const gather = (): void => {
    gathering ??= setTimeout(flush, gatherMs);
  };

  return {
    watch: {
      up: (name) => {
        down.delete(name);
        up.add(name);
        gather();
      },
      down: (name, _group, error) => {
        up.delete(name);
        down.add(name);
        problem = error?.message ?? '';
        gather();
      },
      refused: (name, _group, error) => print(`refused: ${name}, ${error.message}`),
    },
    start: (source) => {
      counts = source;
      rating = rateLines(counts, print);
    },
    stop: () => {
      clearTimeout(gathering);
      clearInterval(rating);
    },
  };
}

function rateLines(counts: () => Shown, print: (line: string) => void): NodeJS.Timeout {
  let before = counts().published;
  return setInterval(() => {
    const { devices, up, published, answered, failed } = counts();
    const rate = ((published - before) / (rateMs / 1000)).toFixed(1);
    before = published;
    print(`${up} of ${devices} up, ${rate} messages/s, ${published} in all, ${answered + failed} commands answered`);
  }, rateMs);
}

function listed(names: ReadonlySet<string>): string {
  const shown = [...names].toSorted(new Intl.Collator('en', { numeric: true }).compare);
  if (shown.length <= mostNames) return shown.join(', ');
  return `${shown.slice(0, mostNames).join(', ')} and ${shown.length - mostNames} more`;
}
