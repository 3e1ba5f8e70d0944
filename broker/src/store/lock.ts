import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { StoreError } from './errors.ts';

/** Who holds a lock, for the message to whom it refuses. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's own count: a pid is used again, also by the same one in a new container. */
  readonly started: string;
}

/**
 * Locks a file for this process and returns how to unlock it. The kernel holds the lock and drops it with the process,
 * however that ends. Node cannot lock a file, but `flock` can do it for a descriptor it inherits, and the lock stays with
 * the descriptor. Where there is no `flock` (macOS, Windows) the file names its owner, and an owner that is gone is none.
 */
export function lock(file: string): () => void {
  // Not truncated: the owner's name must survive those who fail to lock it.
  const fd = openSync(file, 'a+', 0o600);
  try {
    const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    const isTaken = error ? isAlive(readOwner(file)) : status !== 0;
    if (isTaken) throw inUse(file);
    ftruncateSync(fd);
    const owner: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
    writeSync(fd, JSON.stringify(owner));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return () => {
    ftruncateSync(fd);
    closeSync(fd);
  };
}

function inUse(file: string): StoreError {
  const owner = readOwner(file);
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new StoreError('store-in-use', `the data directory is in use by ${who} (${file}): stop it first`);
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Without `flock`: two that start in the same instant may both pass. */
function isAlive(owner: Owner | undefined): boolean {
  if (!owner || owner.host !== hostname()) return owner !== undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(owner.pid) === owner.started;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); empty where there is none. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
