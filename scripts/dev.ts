// `npm run dev`: the hub restarts on change and listens for a debugger, the page reloads by Vite.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const page = 'http://localhost:5173';
const flags = process.argv.slice(2);
const fromSources = ['node_modules/tsx/dist/cli.mjs', '--conditions=@parley/source', 'broker/src/main.ts'];
const hub = spawn(
  process.execPath,
  [
    'node_modules/tsx/dist/cli.mjs',
    'watch',
    '--clear-screen=false',
    '--inspect',
    '--conditions=@parley/source',
    'broker/src/main.ts',
    'start',
    '--allowed-origins',
    page,
    ...flags,
  ],
  { stdio: 'inherit' },
);
const vite = spawn(process.execPath, ['../node_modules/vite/bin/vite.js', '--port', '5173', '--strictPort'], {
  cwd: 'web-client',
  stdio: 'inherit',
  env: { ...process.env, PARLEY_HTTP_PORT: String(httpPort()) },
});
const both = [hub, vite];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => both.forEach((one) => one.kill(signal)));
await Promise.race(both.map((one) => once(one, 'exit')));
both.forEach((one) => one.kill());

/** Where Vite passes the API and MQTT on to: the port the hub takes from the same flags, variables and file. */
function httpPort(): number {
  const { status, stdout } = spawnSync(process.execPath, [...fromSources, 'config', 'print', ...flags], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return (JSON.parse(stdout) as { httpPort: number }).httpPort;
}
