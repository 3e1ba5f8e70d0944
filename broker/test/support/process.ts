import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** The repository's root. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
  /** Resolves with what standard output matched. */
  prints(pattern: RegExp, ms?: number): Promise<RegExpExecArray>;
}

/** A program as a real child process; killed at the end of the test when it still runs. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, args, { cwd: root, env: { ...ownEnvironment(), ...env } });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  const exit = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
  return {
    child,
    exit,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    prints: (pattern, ms = 10_000) =>
      until(() => pattern.exec(text.stdout), `${command} printing ${pattern}`, ms).catch((late: Error) => {
        throw new Error(`${late.message}; it wrote ${text.stderr}`, { cause: late });
      }),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Without what is meant for the tests, such as PARLEY_SEED: the hub takes no variable that it does not know. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_')));
}

/** The hub as users start it, from the committed stub. */
export function runHub(args: readonly string[] = [], env: Record<string, string> = {}): Running {
  return run(process.execPath, ['broker/bin/parley.js', ...args], { PARLEY_STORE: 'memory', ...env });
}
