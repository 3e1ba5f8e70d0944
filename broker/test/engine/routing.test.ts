import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { Router } from '../../src/routing/router.ts';
import { ShareGroup } from '../../src/routing/share.ts';
import { Readiness } from '../../src/routing/subscription.ts';
import { TopicIndex } from '../../src/routing/topic-index.ts';
import { Trie } from '../../src/routing/trie.ts';
import { Reader, subscription } from './reader.ts';
import type { Grown, workloads } from './routing-memory.ts';

/** §4.7 as written, one recursion step per level: what the tries are checked against. */
function matchesNaively(filter: string[], topic: string[], depth = 0): boolean {
  const [first, ...restOfFilter] = filter;
  if (depth === 0 && topic[0]!.startsWith('$') && (first === '+' || first === '#')) return false;
  if (first === '#') return true;
  if (first === undefined || topic.length === 0) return first === undefined && topic.length === 0;
  if (first !== '+' && first !== topic[0]) return false;
  return matchesNaively(restOfFilter, topic.slice(1), depth + 1);
}

const level = fc.constantFrom('', 'a', 'b', '$x', 'é');
const topics = fc.array(level, { minLength: 1, maxLength: 5 }).filter((levels) => levels.join('/') !== '');
const filters = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.constantFrom('', '#', 'a', '+'))
  .map(([head, tail]) => (head as string[]).concat(tail))
  .filter((levels) => levels.join('/') !== '');

describe('routing', () => {
  it('matches exactly the filters a naive matcher does, after any additions and removals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(filters, fc.boolean()), { maxLength: 30 }),
        fc.array(topics, { maxLength: 10 }),
        (changes, names) => {
          const trie = new Trie<string>();
          const held = new Map<string, string[]>();
          for (const [levels, keep] of changes) {
            const filter = levels.join('/');
            if (keep) {
              trie.add(filter, filter);
              held.set(filter, levels);
            } else {
              expect(trie.remove(filter, filter)).to.equal(held.delete(filter));
            }
          }
          expect(trie.size).to.equal(held.size);
          for (const name of names) {
            const found: string[] = [];
            trie.match(name.join('/'), (filter) => found.push(filter));
            const wanted = [...held].filter(([, levels]) => matchesNaively(levels, name)).map(([filter]) => filter);
            expect(found.toSorted()).to.deep.equal(wanted.toSorted());
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds exactly the topics a filter matches, the other way round', () => {
    fc.assert(
      fc.property(
        fc.array(topics, { maxLength: 20 }),
        fc.array(topics, { maxLength: 5 }),
        filters,
        (add, drop, filter) => {
          const index = new TopicIndex();
          const held = new Map(add.map((levels) => [levels.join('/'), levels]));
          for (const topic of held.keys()) index.add(topic);
          for (const levels of drop) {
            index.remove(levels.join('/'));
            held.delete(levels.join('/'));
          }
          const wanted = [...held].filter(([, levels]) => matchesNaively(filter, levels)).map(([topic]) => topic);
          expect(topicsOf(index.match(filter.join('/'))).toSorted()).to.deep.equal(wanted.toSorted());
          expect(topicsOf(index.match()).toSorted()).to.deep.equal([...held.keys()].toSorted());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds once every topic that stays, whatever is added and removed between the steps of a search', () => {
    fc.assert(
      fc.property(
        fc.array(topics, { maxLength: 20 }),
        fc.array(fc.tuple(topics, fc.boolean()), { maxLength: 40 }),
        filters,
        (start, changes, filter) => {
          const index = new TopicIndex();
          const stays = new Set(start.map((levels) => levels.join('/')));
          for (const topic of stays) index.add(topic);
          const search = index.match(filter.join('/'));
          const seen: string[] = [];
          for (const [levels, add] of changes) {
            const topic = levels.join('/');
            if (add) index.add(topic);
            else index.remove(topic);
            if (!add) stays.delete(topic);
            const step = search.next();
            if (step.value !== undefined) seen.push(step.value);
          }
          seen.push(...topicsOf(search));

          const wanted = [...stays].filter((topic) => matchesNaively(filter, topic.split('/')));
          expect(wanted.filter((topic) => !seen.includes(topic))).to.deep.equal([]);
          for (const topic of wanted) expect(seen.filter((one) => one === topic)).to.deep.equal([topic]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('rests now and then in a search that finds nothing', () => {
    const index = new TopicIndex();
    for (let i = 0; i < 1000; i++) index.add(`a/${i}/b/${i}/c`);

    const steps = [...index.match('+/+/+/+/d')];

    expect(steps.length).to.be.greaterThan(50);
    expect(topicsOf(steps)).to.deep.equal([]);
  });

  it('holds a filter of a hundred levels in no more memory than its text needs', async () => {
    const { bytes, count } = await measure('deep-filters');

    expect(count).to.equal(2000);
    // With a node a level it was 20 KB.
    expect(bytes / count).to.be.below(1500);
  }).timeout(60_000);

  it('bounds what it caches when a message matches thousands of identifiers', async () => {
    const { bytes, count } = await measure('many-identifiers');

    expect(count).to.equal(2000);
    // Without the bound it was 45 MiB.
    expect(bytes).to.be.below(30 * 1024 ** 2);
  }).timeout(60_000);

  it('handles a hundred levels and more', () => {
    const trie = new Trie<string>();
    const deep = Array.from({ length: 500 }, () => 'x').join('/');
    trie.add(deep, 'exact');
    trie.add(`${deep}/#`, 'below');

    const found: string[] = [];
    trie.match(deep, (entry) => found.push(entry));

    expect(found.toSorted()).to.deep.equal(['below', 'exact']);
  });

  it('gives one target per subscriber: highest QoS, all identifiers, own messages without No Local', () => {
    const router = new Router<Reader>();
    const reader = new Reader();
    router.add(reader, subscription('a/#', { qos: 1, identifier: 3 }));
    router.add(reader, subscription('a/b', { qos: 2, identifier: 5, noLocal: true }));
    router.add(reader, subscription('+/b', { qos: 0 }));

    const [target, ...others] = router.match('a/b').targets;

    expect(others).to.deep.equal([]);
    expect(target).to.deep.include({ qos: 2 });
    expect([...target!.identifiers!].toSorted((a, b) => a - b)).to.deep.equal([3, 5]);
    expect(target!.own).to.deep.include({ qos: 1, identifiers: [3] });
  });

  it('forgets a cached route when a subscription that matches it comes or goes', () => {
    const router = new Router<Reader>();
    const reader = new Reader();
    expect(router.match('a/b').targets).to.have.length(0);

    router.add(reader, subscription('a/+'));
    expect(router.match('a/b').targets).to.have.length(1);
    router.add(reader, subscription('a/b'));
    router.remove(reader, 'a/+');
    expect(router.match('a/b').targets).to.have.length(1);
    router.remove(reader, 'a/b');

    expect(router.match('a/b').targets).to.have.length(0);
    expect(router.size).to.equal(0);
  });

  it('gives each message of a share group to one member, the readiest first, in turn', () => {
    const group = new ShareGroup<Reader>('t');
    const [free, other, busy] = [new Reader(), new Reader(), new Reader(Readiness.Busy)];
    for (const member of [busy, free, other]) group.put(member, subscription('$share/g/t'));

    const picked = Array.from({ length: 4 }, () => group.pick(1, () => true)?.subscriber);

    expect(picked.filter((reader) => reader === free)).to.have.length(2);
    expect(picked.filter((reader) => reader === other)).to.have.length(2);
    group.remove(free);
    group.remove(other);
    expect(group.pick(1, () => true)?.subscriber).to.equal(busy);
    expect(group.pick(1, (reader) => reader !== busy)).to.equal(undefined);
  });
});

function topicsOf(steps: Iterable<string | undefined>): string[] {
  return [...steps].filter((topic) => topic !== undefined);
}

/** The heap that something takes, in a process in which nothing else happens. */
async function measure(what: keyof typeof workloads): Promise<Grown> {
  const execArgv = ['--expose-gc', '--import=tsx', '--conditions=@parley/source'];
  const child = fork(fileURLToPath(new URL('routing-memory.ts', import.meta.url)), [what], { execArgv });
  const [grown] = (await once(child, 'message')) as [Grown];
  return grown;
}
