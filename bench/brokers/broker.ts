import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../load/job.ts';
import type { Running } from './process.ts';

/** How long a broker may take to listen, however busy the machine. */
const START_MS = 60_000;

/** A broker under test. */
export interface Broker {
  readonly pid: number;
  readonly tcpPort: number;
  /** Undefined: this build speaks no WebSocket. */
  readonly wsPort: number | undefined;
  stop(): Promise<void>;
}

/** Where a load connects; a broker without WebSocket is compared over TCP. */
export function targetOf({ pid, tcpPort, wsPort }: Broker, transport: Target['transport']): Target {
  if (transport === 'ws' && wsPort !== undefined) return { pid, port: wsPort, transport };
  return { pid, port: tcpPort, transport: 'tcp' };
}

/** Resolves with the first result of `look` that is not undefined. */
export async function started<Found>(
  name: string,
  { child, output, stop }: Running,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  for (const end = Date.now() + START_MS; Date.now() < end && child.exitCode === null; await sleep(20)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  await stop();
  throw new Error(`${name} did not start: ${output()}`);
}
