/** The load's own process: its CPU time is nobody's. Takes one job at a time over IPC, ends with its parent. */
import { runConnects } from './connects.ts';
import { runFlow } from './flow.ts';
import type { Answer, Job } from './job.ts';

process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the parent ends this one
process.on('message', (job: Job) => {
  run(job).then(
    (cell) => answer({ cell }),
    (error: unknown) => answer({ failure: String(error) }),
  );
});

function run(job: Job) {
  return job.kind === 'flow' ? runFlow(job.target, job) : runConnects(job.target, job);
}

function answer(result: Answer): void {
  process.send!(result);
}
