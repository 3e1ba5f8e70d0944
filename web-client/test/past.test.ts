import { expect } from 'chai';
import { Past } from '../src/state/past.ts';
import { entries, entry, FakeLog, idOf } from './support/entries.ts';

function setUp(length: number) {
  const log = new FakeLog();
  log.kept = entries(1, length);
  const past = new Past(log.page, () => undefined);
  const stretch = (): [number, number] => [past.entries[0]!.seq, past.entries.at(-1)!.seq];
  return { log, past, stretch };
}

describe('a stretch of the past', () => {
  it('grows to older entries until the first', async () => {
    const { past, stretch } = setUp(250);

    await past.start(151);
    expect(stretch()).to.deep.equal([51, 150]);
    expect([past.hasOlder, past.reaches(151), past.reaches(152)]).to.deep.equal([true, true, false]);
    await past.older();

    expect(stretch()).to.deep.equal([1, 150]);
    expect(past.hasOlder).to.equal(false);
  });

  it('is bounded: what comes on one side pushes out the other', async () => {
    const { past, stretch } = setUp(5000);

    await past.start(4001);
    for (let page = 0; page < 30; page++) await past.older();
    expect(stretch()).to.deep.equal([901, 2400]);
    expect(past.reaches(4001)).to.equal(false);
    for (let page = 0; page < 16; page++) await past.newer();

    expect(stretch()).to.deep.equal([2501, 4000]);
    expect(past.reaches(4001)).to.equal(true);
  });

  it('goes to any entry, and to the first one after a time', async () => {
    const { log, past, stretch } = setUp(5000);

    await past.around(2000);
    expect(stretch()).to.deep.equal([1950, 2049]);
    const seq = await past.find(log.kept[3210]!.at - 1, 5000);

    expect(seq).to.equal(3211);
    expect(log.asked.length).to.be.lessThan(20);
  });

  it('holds the later changes of what it holds, and only those', async () => {
    const { log, past } = setUp(5000);
    log.later = [3500, 2000].map((seq, index) =>
      entry(5001 + index, { kind: 'edit', target: idOf(seq), text: `edited ${seq}` }),
    );

    await past.around(2000);
    expect([...past.changes].map(({ text }) => text)).to.deep.equal(['edited 2000']);
    await past.around(3500);

    expect([...past.changes].map(({ text }) => text)).to.deep.equal(['edited 3500']);
  });

  it('asks once for what is asked for twice, and drops an answer of a stretch that is no more', async () => {
    const { log, past } = setUp(500);
    await past.start(401);

    await Promise.all([past.older(), past.older()]);
    expect(log.asked).to.have.lengthOf(2);
    const late = past.older();
    past.forget();
    await late;

    expect(past.isUsed).to.equal(false);
  });
});
