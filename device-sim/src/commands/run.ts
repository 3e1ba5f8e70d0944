import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { coded, ParleyError } from '@parley/shared';
import { Command, Option } from 'commander';
import type { Behaviour } from '../behaviours/behaviour.ts';
import { loadBehaviour } from '../behaviours/load.ts';
import { announce } from '../home-assistant.ts';
import type { Announcer } from '../home-assistant.ts';
import type { TlsOptions } from '../link/transport.ts';
import { junit } from '../results/junit.ts';
import type { Results } from '../results/results.ts';
import { summary } from '../results/summary.ts';
import { startRun } from '../run.ts';
import type { Running } from '../run.ts';
import { loadScenario } from '../scenario/load.ts';
import { namesOf } from '../scenario/schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import { fleetReport } from '../view/lines.ts';
import { servePrometheus } from '../view/prometheus.ts';
import { liveTable } from '../view/table.ts';
import { durationMs, instant, speedOf, urlOf, wholeNumber } from './arguments.ts';
import { readPem } from './pem.ts';
import { stopSignal } from './stop.ts';
import { anotherUrl, elsewhere, urlsFor } from './urls.ts';

interface RunFlags {
  readonly url?: string[];
  readonly username?: string;
  readonly password?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: true;
  readonly seed?: number;
  readonly start?: number;
  readonly speed: number;
  readonly for?: number;
  readonly readings?: number;
  readonly homeAssistant?: true;
  readonly json?: string;
  readonly junit?: string;
  readonly metricsPort?: number;
}

const largestSeed = 2 ** 32 - 1;
/** How long the devices may take to say that they are offline. */
const patienceMs = 9000;
const schemes = ['mqtt', 'mqtts', 'ws', 'wss'] as const;

export function runCommand(): Command {
  return new Command('run')
    .description('run the devices of a scenario until its end, or Ctrl-C; exits with 1 when an expectation fails')
    .argument('<scenario>', 'a ready scenario (see list), or the path of a YAML file')
    .option(
      '--url <url>',
      'where devices connect; again for another transport (default: a hub on this machine)',
      anotherUrl(urlOf(...schemes)),
    )
    .option('--username <name>', 'of every device (default: its own name)')
    .addOption(new Option('--password <password>', 'of every device').env('PARLEY_SIM_PASSWORD'))
    .option('--ca <file>', 'PEM of the authorities to trust (default: those of the system)')
    .option('--cert <file>', 'PEM of a client certificate')
    .option('--key <file>', 'PEM of its key')
    .option('--insecure', 'take any certificate of the broker')
    .option('--seed <number>', 'replays the devices, readings and faults of another run', wholeNumber(0, largestSeed))
    .option('--start <time>', 'simulated time at the start, ISO 8601 (default: now)', instant)
    .addOption(new Option('--speed <speed>', '10x, 0.5x or max').argParser(speedOf).default(1, '1x'))
    .option('--for <duration>', 'stop after so much simulated time, such as 30s', durationMs)
    .option('--readings <count>', 'stop after so many readings', wholeNumber(1, 1e12))
    .option('--home-assistant', 'tell Home Assistant of the devices, on a broker that does not do it by itself')
    .option('--json <file>', 'write the results as JSON; - is the standard output')
    .option('--junit <file>', 'write the expectations as JUnit XML')
    .option('--metrics-port <port>', 'serve Prometheus at /metrics of this port; 0 picks one', wholeNumber(0, 65_535))
    .action(run);
}

async function run(name: string, flags: RunFlags): Promise<void> {
  const { scenario: written, directory } = await loadScenario(name);
  const scenario = withFlags(written, flags);
  const paths = scenario.groups.map(({ behaviour }) => behaviour);
  const behaviours = await Promise.all(paths.map((path) => loadBehaviour(path, directory)));
  const { seed = scenario.seed ?? randomInt(largestSeed), start = Date.now(), speed, username, password } = flags;
  const urls = urlsFor(flags.url ?? []);
  const say = flags.json === '-' ? console.error : console.log;
  using stopping = stopSignal(patienceMs);
  // An end that is cut off proves nothing.
  stopping.addEventListener('abort', () => (process.exitCode = 1));
  say(`${name}: ${scenario.description ?? 'devices'} (seed ${seed}); Ctrl-C stops it`);
  for (const transport of elsewhere(
    scenario.groups.map((group) => group.transport),
    urls,
  )) {
    say(`devices over ${transport} connect to ${urls(transport)} too: no --url for ${transport} is given`);
  }

  const lines = fleetReport(say);
  const isLive = process.stdout.isTTY && flags.json !== '-';
  let running: Running | undefined;
  const endpoint = flags.metricsPort === undefined ? undefined : await metrics(flags.metricsPort, () => running);
  if (endpoint) say(`metrics: ${endpoint.url}`);
  const announcer = flags.homeAssistant && announceAll(scenario, behaviours, urls('tcp'), flags, say);
  running = await startRun({
    name,
    scenario,
    behaviours,
    seed,
    start,
    speed,
    urlOf: urls,
    signal: stopping,
    tls: tlsOf(flags),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(!isLive && { watch: lines.watch }),
  });
  const end = isLive ? liveTable(name, running, process.stdout) : showLines(lines, running);
  const results = await running.results;
  if (announcer) await announcer.stop();
  end();
  endpoint?.close();
  report(results, flags, say);
}

function announceAll(
  { groups }: Scenario,
  behaviours: readonly Behaviour[],
  url: string,
  { username = 'parley-sim', password, ...flags }: RunFlags,
  say: (line: string) => void,
): Announcer {
  const devices = groups.flatMap((group, index) => {
    const { about } = behaviours[index]!;
    return namesOf(group).map((name) => ({ name, about }));
  });
  const clientId = `parley-sim-${randomInt(largestSeed).toString(36)}`;
  const connection = { url, clientId, username, tls: tlsOf(flags), ...(password !== undefined && { password }) };
  return announce(connection, devices, ({ message }) => say(`Home Assistant is told nothing: ${message}`));
}

function showLines(lines: ReturnType<typeof fleetReport>, { fleet }: Running): () => void {
  lines.start(() => fleet.counts());
  return () => lines.stop();
}

function report(results: Results, { json, junit: junitFile }: RunFlags, say: (line: string) => void): void {
  for (const line of ['', ...summary(results)]) say(line);
  const text = `${JSON.stringify(results, undefined, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) write(json, text);
  if (junitFile !== undefined) write(junitFile, junit(results));
  process.exitCode = results.passed ? 0 : 1;
}

/** Flags go before what the file says. */
function withFlags(scenario: Scenario, { for: ms, readings }: RunFlags): Scenario {
  return { ...scenario, ...(ms !== undefined && { for: ms }), ...(readings !== undefined && { readings }) };
}

function tlsOf({ ca, cert, key, insecure }: RunFlags): TlsOptions {
  return {
    ...(ca !== undefined && { ca: readPem('--ca', ca) }),
    ...(cert !== undefined && { cert: readPem('--cert', cert) }),
    ...(key !== undefined && { key: readPem('--key', key) }),
    ...(insecure && { rejectUnauthorized: false }),
  };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new ParleyError('option-invalid', `the results cannot be written: ${coded(cause).message}`, { cause });
  }
}

async function metrics(port: number, running: () => Running | undefined) {
  try {
    return await servePrometheus(port, running);
  } catch (cause) {
    throw new ParleyError('listen-failed', `--metrics-port: ${coded(cause).message}`, { cause });
  }
}
