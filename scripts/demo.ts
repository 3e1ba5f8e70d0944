// `npm run demo`: the hub and the simulated home together; ends when either does.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const hub = start('broker/bin/parley.js', ['start', ...process.argv.slice(2)], ['inherit', 'pipe', 'inherit']);
hub.stdout!.pipe(process.stdout);
const joined = await ports(hub);
const simulator = start(
  'device-sim/bin/parley-sim.js',
  ['run', 'home', '--url', joined.mqtt, '--url', joined.ws],
  'inherit',
);

// The simulator says goodbye first, then the hub stops.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => simulator.kill(signal));
await once(simulator, 'exit');
hub.kill();

function start(program: string, args: string[], stdio: 'inherit' | ('inherit' | 'pipe')[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio });
}

/** Where the hub says that it listens: ports may be options of the demo. */
function ports(child: ChildProcess): Promise<{ mqtt: string; ws: string }> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [mqtt] = /mqtt:\/\/\S+/.exec(text) ?? [];
      const [ws] = /wss?:\/\/\S+/.exec(text) ?? [];
      if (mqtt && ws) resolve({ mqtt, ws });
    });
    // The hub has said on standard error why it did not start.
    child.once('exit', (code) => process.exit(code ?? 1));
  });
}
