import { Router } from '../../src/routing/router.ts';
import { Trie } from '../../src/routing/trie.ts';
import { heapInUse } from '../support/collect-garbage.ts';
import { Reader, subscription } from './reader.ts';

/** By how many bytes the heap grew, and how many of what was added are there. */
export interface Grown {
  readonly bytes: number;
  readonly count: number;
}

/** Measured in a process of their own: in the one of the tests the heap is everybody's. */
export const workloads = {
  'deep-filters': async (): Promise<Grown> => {
    const trie = new Trie<object>();
    const before = await heapInUse();
    for (let i = 0; i < 2000; i++) trie.add(`${i}${'/x/+'.repeat(49)}`, {});
    return { bytes: (await heapInUse()) - before, count: trie.size };
  },
  'many-identifiers': async (): Promise<Grown> => {
    const router = new Router<Reader>();
    const reader = new Reader();
    for (let i = 1; i <= 2000; i++) router.add(reader, subscription(plusses(i), { identifier: i }));
    const name = Array.from({ length: 11 }, () => 'x').join('/');
    const { targets } = router.match(name);
    const before = await heapInUse();
    for (let i = 0; i < 2000; i++) router.match(`${name}/${i}`);
    const bytes = (await heapInUse()) - before;
    // Asked once more, as a router that nobody needs any more would be collected.
    router.match(name);
    return { bytes, count: targets[0]!.identifiers!.length };
  },
};

/** One of the 2048 ways to write `+` or `x` in eleven levels, and all below. */
function plusses(number: number): string {
  return `${Array.from({ length: 11 }, (_, i) => ((number >> i) & 1 ? '+' : 'x')).join('/')}/#`;
}

const wanted = process.argv[2];
if (process.send && wanted && Object.hasOwn(workloads, wanted)) {
  process.send(await workloads[wanted as keyof typeof workloads]());
  process.disconnect();
}
