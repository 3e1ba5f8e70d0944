import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { track } from './brokers/process.ts';
import type { Answer, Cell, Job } from './load/job.ts';

/** The longest a job may take; a broker that hangs costs its row, not the run. */
const JOB_LIMIT_MS = 40_000;

export interface LoadProcess {
  run(job: Job): Promise<Cell>;
  stop(): void;
}

/** The load generator in a process of its own, with room for young garbage so that it seldom pauses. */
export function startLoad(): LoadProcess {
  const script = fileURLToPath(new URL('load/main.ts', import.meta.url));
  const child = track(fork(script, { execArgv: [...process.execArgv, '--max-semi-space-size=64'] }));
  return {
    async run(job) {
      child.send(job);
      const [answer] = (await once(child, 'message', { signal: AbortSignal.timeout(JOB_LIMIT_MS) })) as [Answer];
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.cell;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
