import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Histogram } from '../results/histogram.ts';
import type { Running } from '../run.ts';

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
/** Upper bounds of the histograms, in seconds. */
const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

export interface Endpoint {
  readonly url: string;
  close(): void;
}

/**
 * Serves what a run counts to Prometheus, at `/metrics` on this machine only.
 * @throws Error when the port cannot be opened
 */
export async function servePrometheus(port: number, running: () => Running | undefined): Promise<Endpoint> {
  const server = createServer((request, response) => {
    const now = running();
    if (request.url?.split('?')[0] !== '/metrics' || !now) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': contentType }).end(exposition(now));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  const opened = typeof address === 'object' && address ? address.port : port;
  return { url: `http://127.0.0.1:${opened}/metrics`, close: () => void server.close() };
}

/** Labels are groups and kinds, never a device: their number stays small. */
function exposition({ fleet, ledger, commander, traffic }: Running): string {
  const { tally } = fleet;
  const { groups, unsent, discarded, answered, failed } = tally.counts();
  const seen = ledger?.counts();
  const per = (value: (group: (typeof groups)[number]) => number): Sample[] =>
    groups.map((group) => [{ group: group.name }, value(group)]);
  return [
    family(
      'parley_sim_devices',
      'gauge',
      'Devices of the scenario.',
      per(({ devices }) => devices),
    ),
    family(
      'parley_sim_devices_up',
      'gauge',
      'Devices that are connected.',
      per(({ up }) => up),
    ),
    family(
      'parley_sim_readings_total',
      'counter',
      'Readings taken.',
      per(({ taken }) => taken),
    ),
    family(
      'parley_sim_published_total',
      'counter',
      'Messages published.',
      per(({ published }) => published),
    ),
    family('parley_sim_unsent_total', 'counter', 'Readings never sent: their device was offline.', [[{}, unsent]]),
    family('parley_sim_discarded_total', 'counter', 'Messages for which the queue had no room.', [[{}, discarded]]),
    family('parley_sim_bytes_total', 'counter', 'Bytes written.', [[{}, traffic.bytes]]),
    family('parley_sim_commands_total', 'counter', 'Commands answered.', [
      [{ outcome: 'ok' }, answered],
      [{ outcome: 'failed' }, failed],
    ]),
    family('parley_sim_errors_total', 'counter', 'Errors by kind.', kinds(tally.errors)),
    family('parley_sim_faults_total', 'counter', 'Faults begun, by kind.', kinds(tally.faults)),
    histogram('parley_sim_reconnect_seconds', 'From the loss of a connection to the next.', tally.reconnect),
    ...(ledger && seen
      ? [
          family('parley_sim_delivered_total', 'counter', 'Readings that came back.', [[{}, seen.delivered]]),
          family('parley_sim_duplicated_total', 'counter', 'Readings that came back again.', [[{}, seen.duplicated]]),
          family('parley_sim_disordered_total', 'counter', 'Readings behind a later one.', [[{}, seen.disordered]]),
          family('parley_sim_outstanding', 'gauge', 'Readings sent and not back yet.', [[{}, ledger.missing]]),
          histogram('parley_sim_latency_seconds', 'From sending a reading to its coming back.', ledger.latency),
        ]
      : []),
    ...(commander ? [histogram('parley_sim_command_seconds', 'From a command to its answer.', commander.latency)] : []),
  ].join('');
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

function kinds(counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([kind, count]) => [{ kind }, count]);
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function histogram(name: string, help: string, times: Histogram): string {
  const buckets = bounds.map((le) => `${name}_bucket{le="${le}"} ${times.atMost(le * 1000)}\n`).join('');
  const all = `${name}_bucket{le="+Inf"} ${times.count}\n${name}_sum ${times.sum / 1000}\n${name}_count ${times.count}\n`;
  return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n${buckets}${all}`;
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escape(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
