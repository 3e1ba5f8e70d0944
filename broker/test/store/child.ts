import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const DRIVER = fileURLToPath(new URL('driver.ts', import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** What it prints. */
  readonly lines: Interface;
  /** Resolves when it has ended, with what it wrote to its standard error. */
  readonly ended: Promise<string>;
}

/** The command that runs the driver: it commits to the store in `directory` and prints what is acknowledged. */
export function driverCommand(directory: string, ...more: string[]): [string, string[]] {
  return [process.execPath, ['--conditions=@parley/source', '--import=tsx', DRIVER, directory, ...more]];
}

export function start(command: string, args: readonly string[]): Child {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    process: child,
    lines: createInterface({ input: child.stdout }),
    ended: once(child, 'close').then(() => errors),
  };
}
