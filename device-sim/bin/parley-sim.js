#!/usr/bin/env node
// A committed stub, so that the command exists right after `npm ci`; the program is built from src/main.ts.
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  process.setSourceMapsEnabled(true);
  await import(program.href);
} else {
  console.error('Parley is not built yet. Run: npm run build');
  process.exitCode = 1;
}
