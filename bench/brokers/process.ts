import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything this program started and that still runs. */
const running = new Set<ChildProcess>();

const directories: string[] = [];

// Whatever way the program ends, it leaves nothing behind. Only its own children, each by its handle.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

/** A directory for this run. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  directories.push(directory);
  return directory;
}

/** Keeps a child among those that end with this program. */
export function track<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** A broker as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written, both streams. */
  readonly output: () => string;
  /** Kills it and resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

export function run(command: string, args: readonly string[]): Running {
  const child = track(spawn(command, args, { env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' } }));
  let written = '';
  const note = (chunk: Buffer): void => {
    written = (written + chunk.toString()).slice(-10_000);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error) => note(Buffer.from(String(error))));
  return {
    child,
    output: () => written,
    stop: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
