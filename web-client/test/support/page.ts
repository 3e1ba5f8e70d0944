import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const client = fileURLToPath(new URL('../../', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/src/', import.meta.url));
const built = join(client, 'dist/index.html');

/** Builds the page when it is missing or older than what it is made of. */
export function ensureBuilt(): void {
  const sources = [join(client, 'src'), join(client, 'public'), shared].flatMap(filesUnder);
  const newest = Math.max(...[...sources, join(client, 'index.html'), join(client, 'vite.config.ts')].map(changedAt));
  if (existsSync(built) && changedAt(built) >= newest) return;
  const { status, stderr } = spawnSync('npm', ['run', 'build'], { cwd: client, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the page does not build:\n${stderr}`);
}

function filesUnder(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function changedAt(file: string): number {
  return statSync(file).mtimeMs;
}
