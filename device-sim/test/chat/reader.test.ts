import { expect } from 'chai';
import type { Entry, Page } from '@parley/shared';
import { Reader } from '../../src/chat/reader.ts';

const firstLog = '01K00000000000000000000001';
const secondLog = '01K00000000000000000000002';

function entry(seq: number): Entry {
  return { id: `01K${String(seq).padStart(23, '0')}`, seq, at: 0, from: 'ana', kind: 'text', text: String(seq) };
}

/** A log of a channel, and a reader of it that keeps what it shows. */
function channel({ history = 20 } = {}) {
  const state = { log: firstLog, lastSeq: 0, isGone: false, isAway: false, fetches: 0 };
  const shown: number[] = [];
  const notes: string[] = [];
  const page = ({ after, limit }: { after?: number; limit: number }): Promise<Page | undefined> => {
    state.fetches++;
    if (state.isAway) return Promise.reject(new Error('away'));
    if (state.isGone) return Promise.resolve(undefined);
    const { log, lastSeq } = state;
    const first = after === undefined ? Math.max(1, lastSeq - limit + 1) : after + 1;
    const last = Math.min(lastSeq, first + limit - 1);
    const entries = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => entry(first + index));
    return Promise.resolve({ entries, lastSeq, log, limited: false });
  };
  const show = ({ seq }: Entry): void => void shown.push(seq);
  const reader = new Reader({ page, history, show, note: (text) => void notes.push(text) });
  const push = (seq: number): Promise<void> => {
    state.lastSeq = Math.max(state.lastSeq, seq);
    return reader.push(entry(seq));
  };
  return { state, shown, notes, reader, push };
}

describe('a reader of a channel', () => {
  it('shows as much history as was asked for, and then what is pushed', async () => {
    const { state, shown, reader, push } = channel({ history: 3 });
    state.lastSeq = 10;

    await reader.catchUp();
    await push(11);

    expect(shown).to.deep.equal([8, 9, 10, 11]);
  });

  it('shows no history when none is wanted', async () => {
    const { state, shown, reader, push } = channel({ history: 0 });
    state.lastSeq = 10;

    await reader.catchUp();
    await push(11);

    expect(shown).to.deep.equal([11]);
  });

  it('waits for the history before it shows what is pushed meanwhile', async () => {
    const { state, shown, reader, push } = channel();
    state.lastSeq = 2;

    const joining = reader.catchUp();
    await Promise.all([push(3), push(4), joining]);

    expect(shown).to.deep.equal([1, 2, 3, 4]);
  });

  it('fetches what the pushed entries miss', async () => {
    const { shown, reader, push } = channel();
    await reader.catchUp();

    await push(1);
    await push(2500);

    expect(shown).to.deep.equal(Array.from({ length: 2500 }, (_, index) => index + 1));
  });

  it('shows a copy no second time', async () => {
    const { shown, reader, push } = channel();
    await reader.catchUp();

    for (const seq of [1, 2, 2, 1, 3]) await push(seq);

    expect(shown).to.deep.equal([1, 2, 3]);
  });

  it('asks for nothing while entries come in order', async () => {
    const { state, reader, push } = channel();
    await reader.catchUp();

    for (let seq = 1; seq <= 50; seq++) await push(seq);

    expect(state.fetches).to.equal(1);
  });

  it('starts over when the hub came back with another log', async () => {
    const { state, shown, notes, reader } = channel();
    state.lastSeq = 3;
    await reader.catchUp();

    reader.disconnected();
    Object.assign(state, { log: secondLog, lastSeq: 2 });
    await reader.catchUp();

    expect(shown).to.deep.equal([1, 2, 3, 1, 2]);
    expect(notes).to.deep.equal(["the channel's log began anew"]);
  });

  it('does not take the next number of another log for the next entry of this one', async () => {
    const { state, shown, reader, push } = channel();
    state.lastSeq = 3;
    await reader.catchUp();

    reader.disconnected();
    Object.assign(state, { log: secondLog, lastSeq: 4 });
    await push(4);
    await reader.catchUp();

    expect(shown).to.deep.equal([1, 2, 3, 1, 2, 3, 4]);
  });

  it('notices a channel that was made anew while it was connected', async () => {
    const { state, shown, reader, push } = channel();
    state.lastSeq = 3;
    await reader.catchUp();

    Object.assign(state, { log: secondLog, lastSeq: 0 });
    await push(1);

    expect(shown).to.deep.equal([1, 2, 3, 1]);
  });

  it('sees a channel from its first entry when that makes it', async () => {
    const { state, shown, notes, reader, push } = channel({ history: 1 });
    state.isGone = true;
    await reader.catchUp();

    state.isGone = false;
    await push(1);
    await push(2);

    expect({ shown, notes }).to.deep.equal({ shown: [1, 2], notes: [] });
  });

  it('shows what is pushed, and names the gap, when the log cannot be had', async () => {
    const { state, shown, notes, reader, push } = channel();
    await reader.catchUp();
    await push(1);

    state.isAway = true;
    const failure: unknown = await push(5).catch((error: unknown) => error);
    await push(6);

    expect(failure).to.be.instanceOf(Error);
    expect(shown).to.deep.equal([1, 5, 6]);
    expect(notes).to.deep.equal(['entries 2 to 4 are missing']);
  });
});
