import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Program extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  out(): string;
  error(): string;
  /** Lines of standard output. */
  lines(): string[];
  prints(pattern: RegExp): Promise<void>;
  exitCode(): Promise<number | null>;
}

/** parley-sim as a process of its own, from its sources. */
export function parleySim(...args: string[]): Program {
  const line = commandLine(...args);
  return runProgram(line.command, line.args);
}

export function commandLine(...args: string[]): { readonly command: string; readonly args: string[] } {
  return { command: process.execPath, args: ['--import=tsx', '--conditions=@parley/source', main, ...args] };
}

export function runProgram(command: string, args: string[]): Program {
  const child = spawn(command, args);
  const exited = once(child, 'close');
  const text = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.error += chunk));
  child.stdin.on('error', () => {});
  return {
    child,
    out: () => text.out,
    error: () => text.error,
    lines: () => text.out.split('\n').filter((line) => line !== ''),
    prints: async (pattern) => {
      await until(`${pattern} in ${args.at(-1)}'s output`, () => pattern.test(text.out + text.error));
    },
    exitCode: async () => {
      await exited;
      return child.exitCode;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
