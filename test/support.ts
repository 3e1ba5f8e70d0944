import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** A file of the repository as text. */
export function read(file: string): string {
  return readFileSync(new URL(file, root), 'utf8');
}

export interface Program extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  /** Standard output and error so far. */
  output(): string;
  /** Resolves when the output has matched; rejects when the program ends without. */
  prints(pattern: RegExp): Promise<void>;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
}

/** A program started in the repository's root; killed at the end of the test when it still runs. */
export function start(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, { cwd: fileURLToPath(root), env: { ...process.env, ...env } });
  const changes = new EventEmitter();
  let output = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      changes.emit('change');
    });
  }
  const exit = once(child, 'close').then(([code]) => {
    ended = true;
    changes.emit('change');
    return code as number | null;
  });

  const prints = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output)) {
      if (ended) throw new Error(`no ${pattern} in: ${output}`);
      await once(changes, 'change');
    }
  };
  const end = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await exit;
  };
  return { child, exit, prints, output: () => output, [Symbol.asyncDispose]: end };
}
