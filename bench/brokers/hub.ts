import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { started } from './broker.ts';
import type { Broker } from './broker.ts';
import { makeDirectory, run } from './process.ts';

/**
 * The built hub of a checkout as users start it, on free ports, with a log that keeps quiet and the memory store.
 * @param more options in place of these
 */
export async function startHub(checkout: string, more: Readonly<Record<string, string>> = {}): Promise<Broker> {
  const stub = join(checkout, 'broker/bin/parley.js');
  const dataDir = more['dataDir'] ?? makeDirectory();
  const wanted = { mqttPort: '0', httpPort: '0', logLevel: 'warn', store: 'memory', ...more, dataDir };
  const known = JSON.parse(execFileSync(process.execPath, [stub, 'config', 'print'], { encoding: 'utf8' })) as object;
  // A checkout from before the stores has no option for them.
  const flags = Object.entries(wanted).flatMap(([key, value]) => (key in known ? [flagOf(key), value] : []));
  const running = run(process.execPath, [stub, 'start', ...flags]);
  const ports = await started('the hub', running, () => portsIn(running.output()));
  return { ...ports, pid: running.child.pid!, stop: running.stop };
}

function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The banner says where the hub listens. */
function portsIn(banner: string): Pick<Broker, 'tcpPort' | 'wsPort'> | undefined {
  const tcpPort = /mqtt:\/\/[^\s]*:(\d+)/.exec(banner)?.[1];
  const wsPort = /ws:\/\/[^\s]*:(\d+)\/mqtt/.exec(banner)?.[1];
  return tcpPort && wsPort ? { tcpPort: Number(tcpPort), wsPort: Number(wsPort) } : undefined;
}
