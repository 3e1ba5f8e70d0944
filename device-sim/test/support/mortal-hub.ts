import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './program.ts';
import type { Program } from './program.ts';
import { until } from './until.ts';

const bin = fileURLToPath(new URL('../../../broker/bin/parley.js', import.meta.url));
/**
 * A queue's bounds are another test's subject: on a slow machine, what a thousand devices kept while the hub was away is
 * more than the default takes for one reader.
 */
const room = ['--max-queued-messages', '1000000', '--max-queued-bytes', '1GiB'];
/** On a machine that does much else. */
const startMs = 40_000;

export interface MortalHub extends AsyncDisposable {
  readonly url: string;
  /** `kill -9`, and the same hub again on its ports and its data. */
  restart(): Promise<void>;
}

/** The built hub as a process of its own, with the embedded store. */
export async function startMortalHub(): Promise<MortalHub> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-mortal-'));
  const [mqttPort, httpPort] = [await lowPort(), await lowPort()];
  const ports = ['--mqtt-port', String(mqttPort), '--http-port', String(httpPort)];
  const start = async (): Promise<Program> => {
    const program = runProgram(process.execPath, [
      bin,
      'start',
      ...ports,
      '--data-dir',
      dataDir,
      '--log-level',
      'warn',
      ...room,
    ]);
    const said = await until(
      'the hub runs',
      () => program.out().includes(`mqtt://127.0.0.1:${mqttPort}`) || program.child.exitCode !== null,
      startMs,
    );
    if (!said || program.child.exitCode !== null) throw new Error(`the hub did not start: ${program.error()}`);
    return program;
  };
  let program = await start();
  return {
    url: `mqtt://127.0.0.1:${mqttPort}`,
    restart: async () => {
      await program[Symbol.asyncDispose]();
      program = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/**
 * Below the ports that the system gives to connections: while the hub is away, none of its clients can be given the port
 * they try to reach.
 */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const opened = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (opened) return port;
  }
}
