import { isFilter, isTopic, levelCount, matches, overlaps, parseFilter } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';

/** The rules of MQTT 5.0 §4.7 as recursion over levels, written apart from the code it judges. */
function oracle(filter: string, topic: string): boolean {
  const walk = ([want, ...wants]: string[], [got, ...gots]: string[]): boolean => {
    if (want === undefined) return got === undefined;
    if (want === '#') return true;
    return got !== undefined && (want === '+' || want === got) && walk(wants, gots);
  };
  return !(topic.startsWith('$') && /^[+#]/.test(filter)) && walk(filter.split('/'), topic.split('/'));
}

const levels = ['', 'a', 'b', '$s'];

/** Every list of 1 to `most` of the given levels, joined. */
function all(alphabet: string[], most: number): string[] {
  if (most === 0) return [];
  const shorter = all(alphabet, most - 1);
  return [
    ...new Set([...alphabet, ...shorter, ...alphabet.flatMap((level) => shorter.map((rest) => `${level}/${rest}`))]),
  ];
}

const topics = all(levels, 4).filter((topic) => isTopic(topic));
const filters = all([...levels, '+', '#'], 3).filter((filter) => isFilter(filter));

const topic = fc.array(fc.constantFrom(...levels), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
const filter = fc
  .tuple(fc.array(fc.constantFrom(...levels, '+'), { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([parts, open]) => [...parts, ...(open ? ['#'] : [])].join('/'))
  .filter((text) => isFilter(text));

describe('matches', () => {
  it('agrees with the rules written another way', () => {
    fc.assert(
      fc.property(filter, topic, (one, other) => matches(one, other) === oracle(one, other)),
      { numRuns: 2000 },
    );
  });

  it('lets # match the parent and every depth below it', () => {
    for (const name of ['a', 'a/', 'a/b', 'a/b/c']) expect(matches('a/#', name), name).to.equal(true);
    for (const name of ['b', 'ab', '/a', 'A']) expect(matches('a/#', name), name).to.equal(false);
  });

  it('lets + match exactly one level, the empty one too', () => {
    expect(matches('+', 'a')).to.equal(true);
    expect(matches('a/+', 'a/')).to.equal(true);
    expect(matches('/+', '/a')).to.equal(true);
    expect(matches('+/+', '/a')).to.equal(true);
    expect(matches('+', '/a')).to.equal(false);
    expect(matches('a/+', 'a')).to.equal(false);
    expect(matches('a/+', 'a/b/c')).to.equal(false);
  });

  it('keeps $-topics from a leading wildcard [MQTT-4.7.2-1], and only from a leading one', () => {
    for (const leading of ['#', '+/#', '+/broker/uptime'])
      expect(matches(leading, '$SYS/broker/uptime')).to.equal(false);
    for (const named of ['$SYS/#', '$SYS/+/uptime']) expect(matches(named, '$SYS/broker/uptime')).to.equal(true);
    expect(matches('a/+', 'a/$b')).to.equal(true);
  });

  it('matches a shared subscription by its inner filter', () => {
    expect(matches('$share/workers/a/+', 'a/b')).to.equal(true);
    expect(matches('$share/workers/a/+', '$share/workers/a/b')).to.equal(false);
    expect(matches('$share/workers/#', '$SYS/x')).to.equal(false);
    fc.assert(fc.property(filter, topic, (one, other) => matches(`$share/g/${one}`, other) === matches(one, other)));
  });

  it('matches nothing with a malformed filter', () => {
    for (const bad of ['', 'a/#/b', 'a#', '+a', '$share/g', '$share//a'])
      expect(matches(bad, 'a'), bad).to.equal(false);
  });
});

describe('overlaps', () => {
  it('is true exactly when some topic matches both, over every pair of small filters', () => {
    const hits = filters.map((one) => new Set(topics.filter((name) => oracle(one, name))));

    for (const [left, one] of filters.entries()) {
      for (const [right, other] of filters.entries()) {
        const common = [...hits[left]!].some((name) => hits[right]!.has(name));
        if (overlaps(one, other) !== common) expect.fail(`${one} and ${other}: expected ${common}`);
      }
    }
  });

  it('looks through $share on either side', () => {
    expect(overlaps('$share/g/a/#', 'a/b')).to.equal(true);
    expect(overlaps('a/b', '$share/g/a/#')).to.equal(true);
    expect(overlaps('$share/g/#', '$SYS/#')).to.equal(false);
  });

  it('is false for a malformed filter', () => {
    expect(overlaps('a/#/b', '#')).to.equal(false);
    expect(overlaps('#', '')).to.equal(false);
  });
});

describe('what may be subscribed to and published to', () => {
  it('tells well-formed filters from malformed ones', () => {
    const good = ['#', '+', '/', 'a//b', '+/+/#', '$SYS/#', 'a b', '$share/g/a', '$share/g/#', '$share/g//', '$share'];
    const bad = [
      '',
      '##',
      'a#',
      '#/a',
      'a/#/b',
      'a+',
      '+a/b',
      'a\0b',
      '$share/',
      '$share/g',
      '$share//a',
      '$share/g/',
      '$share/+/a',
    ];

    for (const text of good) expect(isFilter(text), text).to.equal(true);
    for (const text of bad) expect(isFilter(text), JSON.stringify(text)).to.equal(false);
  });

  it('takes a shared subscription apart at its group', () => {
    expect(parseFilter('$share/workers/a/#')).to.deep.equal({ group: 'workers', filter: 'a/#' });
    expect(parseFilter('a/#')).to.deep.equal({ filter: 'a/#' });
  });

  it('lets only wildcard-free, non-empty names be published to', () => {
    for (const text of ['a', '/', 'a//b', '$SYS/x', 'ü', ' ']) expect(isTopic(text), text).to.equal(true);
    for (const text of ['', 'a/+', '#', 'a#', 'a\0']) expect(isTopic(text), JSON.stringify(text)).to.equal(false);
  });

  it('counts levels against the limit, those of $share/<group>/ apart', () => {
    expect(levelCount('a')).to.equal(1);
    expect(levelCount('/a/')).to.equal(3);
    expect(isTopic('a/b/c', 3)).to.equal(true);
    expect(isTopic('a/b/c', 2)).to.equal(false);
    expect(isFilter('a/b/c/#', 3)).to.equal(false);
    expect(isFilter('$share/g/a/b/c', 3)).to.equal(true);
  });
});
