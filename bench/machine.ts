import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** What the figures depend on, by name. */
export function machineFacts(checkout: string): Readonly<Record<string, string>> {
  return {
    date: new Date().toISOString().slice(0, 10),
    hub: `commit ${commit(checkout)}, ${engine(checkout)}`,
    Mosquitto: /version (\S+)/.exec(output('mosquitto', ['-h']))?.[1] ?? 'unknown',
    Node: process.version,
    CPU: `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB`,
    kernel: release(),
    'load before': loadavg()[0]!.toFixed(1),
  };
}

function commit(checkout: string): string {
  const hash = output('git', ['-C', checkout, 'rev-parse', '--short', 'HEAD']).trim();
  const changed = output('git', ['-C', checkout, 'status', '--porcelain', '--', 'broker/src', 'shared/src']).trim();
  return changed === '' ? hash : `${hash} with changes`;
}

function engine(checkout: string): string {
  const own = existsSync(join(checkout, 'broker/dist/mqtt/engine.js'));
  return own ? 'Parley’s engine' : 'the stock handlers of Aedes 1.2.0';
}

/** Mosquitto's help ends with an exit code of its own. */
function output(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? '';
  }
}
