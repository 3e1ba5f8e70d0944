import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { startFleet } from '../fleet.ts';
import { fleetReport } from '../report.ts';
import { loadScenario, transports } from '../scenario.ts';
import type { Transport } from '../scenario.ts';
import { durationMs, urlOf, wholeNumber } from './arguments.ts';
import { stopSignal } from './stop.ts';

interface RunOptions {
  readonly url: string;
  readonly wsUrl: string;
  readonly transport?: Transport;
  readonly seed?: number;
  readonly for?: number;
  readonly username?: string;
  readonly password?: string;
}

const largestSeed = 2 ** 32 - 1;
/** How long the devices may take to say that they are offline. */
const patienceMs = 1800;

export function runCommand(): Command {
  return new Command('run')
    .description('run the devices of a scenario until Ctrl-C')
    .argument('<scenario>', 'a ready scenario (see list), or the path of a YAML file')
    .option('--url <url>', 'where devices connect over TCP', urlOf('mqtt', 'mqtts'), 'mqtt://127.0.0.1:1883')
    .option('--ws-url <url>', 'where devices connect over WebSocket', urlOf('ws', 'wss'), 'ws://127.0.0.1:8080/mqtt')
    .addOption(new Option('--transport <transport>', 'of every device, whatever the scenario says').choices(transports))
    .option('--seed <number>', 'replays the devices of another run', wholeNumber(0, largestSeed))
    .option('--for <duration>', 'stop by itself after, for example, 30s', durationMs)
    .option('--username <name>', 'of every device (default: its own name)')
    .option('--password <password>', 'of every device')
    .action(run);
}

async function run(scenarioName: string, options: RunOptions): Promise<void> {
  const { url, wsUrl, seed = randomInt(largestSeed), for: ms, ...rest } = options;
  const scenario = await loadScenario(scenarioName);
  using stopping = stopSignal(patienceMs, ms);
  const report = fleetReport((line) => console.log(line));
  console.log(`${scenarioName}: ${scenario.description ?? 'devices'} (seed ${seed}); Ctrl-C stops it`);

  const fleet = startFleet({ scenario, seed, urls: { tcp: url, ws: wsUrl }, watch: report.watch, ...rest });
  report.start(() => fleet.counts());
  if (!stopping.aborted) await once(stopping, 'abort');

  report.stop();
  await fleet.stop();
  const { published, answered } = fleet.counts();
  console.log(`stopped after ${published} messages and ${answered} answered commands`);
}
