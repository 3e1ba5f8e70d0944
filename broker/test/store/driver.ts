import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { stageBatch } from './workload.ts';

/*
 * driver.ts DIRECTORY [WINDOW] [LIMIT]: commits batch after batch, so many at once, and prints the number of each that is
 * acknowledged, `failed CODE` for one that is not. Continues where the store ends. A failed batch is tried again.
 */
const [directory, window = '1', limit = 'Infinity'] = process.argv.slice(2);
const store = openEmbeddedStore({ directory: directory! });
let next = 1;
reload();
store.onFailed(reload);
say('ready');
for (let i = 0; i < Number(window); i++) commit();

/** The counter in memory follows what is committed, as `seq` of a channel does. */
function reload(): void {
  next = ((store.get('counter', []) ?? 0) as number) + 1;
}

function commit(): void {
  if (next > Number(limit)) return void store.close();
  const i = next++;
  const batch = store.batch();
  stageBatch(batch, i);
  batch.commit((error) => {
    // The number is in the pipe before anything else happens: it stays there when the process is killed.
    say(error ? `failed ${(error as { code?: string }).code}` : `${i}`);
    if (error) setTimeout(commit, 20);
    else commit();
  });
}

/** Writes a whole line, however slowly the pipe is read. */
function say(line: string): void {
  let left = Buffer.from(`${line}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
