// `npm run dev`: the hub restarts on change and listens for a debugger, the page reloads by Vite.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const page = 'http://localhost:5173';
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
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const vite = spawn(process.execPath, ['../node_modules/vite/bin/vite.js', '--port', '5173', '--strictPort'], {
  cwd: 'web-client',
  stdio: 'inherit',
});
const both = [hub, vite];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => both.forEach((one) => one.kill(signal)));
await Promise.race(both.map((one) => once(one, 'exit')));
both.forEach((one) => one.kill());
