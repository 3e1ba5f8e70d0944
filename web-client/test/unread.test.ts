import { expect } from 'chai';
import { until } from '../../broker/test/support/until.ts';
import { Unread } from '../src/state/unread.ts';
import { mentions } from '../src/state/mentions.ts';
import { entry, FakeLog, idOf, LOG_A, LOG_B } from './support/entries.ts';
import { memory } from './support/memory.ts';

type Heard = (read: { key: string; seq: number }) => void;

function setUp({ kept = memory(), log = new FakeLog() } = {}) {
  const positions = new Map<string, number>();
  let heard: Heard | undefined;
  const reads = {
    get: (key: string) => positions.get(key) ?? 0,
    on: (_name: 'change', listener: Heard) => {
      heard = listener;
      return () => undefined;
    },
  };
  const read = (key: string, seq: number): void => {
    positions.set(key, seq);
    heard?.({ key, seq });
  };
  const unread = new Unread({
    user: 'ana',
    reads,
    memory: kept,
    page: (_, query) => log.page(query),
    held: () => undefined,
  });
  return { unread, log, read, kept };
}

describe('what is unread', () => {
  it('are words of others after what was read, and those that call us by name', async () => {
    const { unread, log, read } = setUp();
    log.kept = [
      entry(1, { from: 'ben' }),
      entry(2, { from: 'ben', text: 'look @ana' }),
      entry(3, { from: 'ana', text: 'my own @ana' }),
      entry(4, { from: 'ben', kind: 'reaction', target: idOf(1), text: '+1' }),
      entry(5, { from: 'cleo' }),
    ];

    read('general', 1);
    unread.grown('general', LOG_A, 5);
    await until(() => unread.of('general').unread > 0, 'the count');

    expect(unread.of('general')).to.deep.equal({ unread: 2, mentions: 1 });
    read('general', 2);
    expect(unread.of('general')).to.deep.equal({ unread: 1, mentions: 0 });
    read('general', 5);
    expect(unread.of('general')).to.deep.equal({ unread: 0, mentions: 0 });
  });

  it('do not begin before the first visit, which is remembered', async () => {
    const { unread, log, kept } = setUp();
    log.kept = [1, 2, 3].map((seq) => entry(seq, { from: 'ben' }));

    unread.grown('general', LOG_A, 2, true);
    unread.grown('general', LOG_A, 3);
    await until(() => unread.of('general').unread === 1, 'the third alone');

    const next = setUp({ kept, log }).unread;
    next.grown('general', LOG_A, 3, true);
    await until(() => next.of('general').unread === 1, 'the third again');
    expect(next.readTo('general', LOG_B)).to.equal(0);
  });

  it('counts a long absence without reading all of it', async () => {
    const { unread, log } = setUp();
    log.kept = Array.from({ length: 2000 }, (_, index) => entry(index + 1, { from: 'ben' }));

    unread.grown('general', LOG_A, 2000);
    await until(() => unread.of('general').unread === 2000, 'the whole count');

    expect(log.asked).to.deep.equal([{ after: 1500, limit: 500 }]);
  });
});

describe('mentions', () => {
  it('are names after @ as words of their own, and everybody', () => {
    const texts = ['@ana', 'hi @Ana!', '(@ana)', '@all up', '@anabel', 'x@ana', 'http://x/@ana', 'ana', '@@ana'];

    expect(texts.map((text) => mentions(text, 'ana'))).to.deep.equal([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
