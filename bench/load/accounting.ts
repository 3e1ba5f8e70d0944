import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time a process has used, all threads, user and system, in nanoseconds: the scheduler's own account
 * (Documentation/scheduler/sched-stats.rst), which has no clock ticks to round to. Threads that ended are not in it; the
 * brokers under test keep theirs.
 */
export function cpuNs(pid: number): number {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]);
  }
  return sum;
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) * 1024;
}
