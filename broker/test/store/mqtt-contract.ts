import { expect } from 'chai';
import type { Store } from '../../src/store/store.ts';
import type { Harness } from './full-contract.ts';
import { commit, entry, fullMessage, message, plain, plainMessage, session, settled, subscription } from './samples.ts';

const LONG = 'ä'.repeat(30_000);

export function mqttContract(open: () => Promise<Harness>): void {
  describe('sessions', () => {
    it('come back with all that belongs to them, in order', async () => {
      await using harness = await open();
      const filters = [
        subscription('a/#', { qos: 2, noLocal: true, identifier: 268_435_455 }),
        subscription('$share/g/+'),
      ];
      const full = entry(2, fullMessage('a/b'), {
        qos: 2,
        retain: true,
        identifiers: [1, 70_000],
        share: '$share/g/+',
      });
      await commit(harness.store, (batch) => {
        batch.putSession(session('one', { owner: 'ana', expiresAt: 5000 }));
        for (const one of filters) batch.putSubscription('one', one);
        batch.enqueue('one', entry(1, message('a', 'first')));
        batch.enqueue('one', full);
        batch.enqueue('one', entry(300, message('a', 'third')));
        batch.mark('one', 2, { packetId: 65_535, released: true });
        batch.receive('one', 7);
        batch.receive('one', 65_535);
      });

      const { sessions } = plain(await (await harness.reopen()).load());

      expect(sessions[0]!.nextSeq).to.be.at.least(301);
      expect(sessions).to.deep.equal([
        {
          record: session('one', { owner: 'ana', expiresAt: 5000 }),
          subscriptions: [filters[1], filters[0]],
          received: [7, 65_535],
          queue: [
            { ...entry(1, message('a', 'first')), message: plainMessage(message('a', 'first')), mark: undefined },
            { ...full, message: plainMessage(fullMessage('a/b')), mark: { packetId: 65_535, released: true } },
            { ...entry(300, message('a', 'third')), message: plainMessage(message('a', 'third')), mark: undefined },
          ],
          nextSeq: sessions[0]!.nextSeq,
        },
      ]);
    });

    it('lose what was dequeued, unsubscribed and released', async () => {
      await using harness = await open();
      await commit(harness.store, (batch) => {
        batch.putSession(session('one'));
        batch.putSubscription('one', subscription('a'));
        batch.putSubscription('one', subscription('b'));
        for (const seq of [1, 2, 3]) batch.enqueue('one', entry(seq, message('a', String(seq))));
        batch.receive('one', 1);
        batch.receive('one', 2);
      });
      await commit(harness.store, (batch) => {
        batch.mark('one', 1, { packetId: 1, released: false });
        batch.dequeue('one', 1);
        batch.dequeue('one', 2);
        batch.mark('one', 2, { packetId: 2, released: false });
        batch.deleteSubscription('one', 'a');
        batch.release('one', 1);
      });

      const [restored] = plain(await (await harness.reopen()).load()).sessions;

      expect(restored!.queue.map(({ seq, mark }) => [seq, mark])).to.deep.equal([[3, undefined]]);
      expect(restored!.subscriptions.map(({ filter }) => filter)).to.deep.equal(['b']);
      expect(restored!.received).to.deep.equal([2]);
    });

    it('end with everything they had, and begin anew empty', async () => {
      await using harness = await open();
      await commit(harness.store, (batch) => {
        batch.putSession(session('one'));
        batch.putSubscription('one', subscription('a'));
        batch.enqueue('one', entry(1, message('a', 'x')));
        batch.receive('one', 1);
      });

      await commit(harness.store, (batch) => {
        batch.enqueue('one', entry(2, message('a', 'y')));
        batch.deleteSession('one');
        batch.enqueue('one', entry(3, message('a', 'late')));
        batch.putSession(session('one', { owner: 'ben' }));
        batch.enqueue('one', entry(4, message('a', 'new')));
      });

      const restored = plain(await (await harness.reopen()).load()).sessions;
      expect(restored).to.have.length(1);
      expect(restored[0]).to.deep.include({
        record: session('one', { owner: 'ben' }),
        subscriptions: [],
        received: [],
      });
      expect(restored[0]!.queue.map(({ seq }) => seq)).to.deep.equal([4]);
    });

    it('ignore changes to a session that is gone', async () => {
      await using harness = await open();
      await commit(harness.store, (batch) => {
        batch.deleteSession('none');
        batch.putSubscription('none', subscription('a'));
        batch.enqueue('none', entry(1, message('a', 'x')));
        batch.mark('none', 1, { packetId: 1, released: false });
        batch.dequeue('none', 1);
        batch.receive('none', 1);
        batch.release('none', 1);
      });

      expect(plain(await (await harness.reopen()).load()).sessions).to.deep.equal([]);
    });

    it('are many, each with its own queue', async () => {
      await using harness = await open();
      const ids = Array.from({ length: 600 }, (_, i) => `s${i}`);
      await commit(harness.store, (batch) => {
        for (const id of ids) {
          batch.putSession(session(id));
          batch.putSubscription(id, subscription(`of/${id}`));
          batch.enqueue(id, entry(1, message('a', id)));
        }
      });
      await commit(harness.store, (batch) => ids.slice(0, 300).forEach((id) => batch.deleteSession(id)));
      await settled(harness.store);

      const { sessions } = plain(await (await harness.reopen()).load());

      expect(sessions.map(({ record }) => record.id)).to.have.members(ids.slice(300));
      for (const { record, subscriptions, queue } of sessions) {
        expect(subscriptions.map(({ filter }) => filter)).to.deep.equal([`of/${record.id}`]);
        expect(queue.map((one) => one.message.payload)).to.deep.equal([Buffer.from(record.id).toString('hex')]);
      }
    });

    it('may have ids, filters and topics as long as MQTT allows', async () => {
      await using harness = await open();
      const one = message(LONG, 'x', { publisher: LONG });
      await commit(harness.store, (batch) => {
        batch.putSession(session(LONG, { owner: LONG }));
        batch.putSession(session(`${LONG}2`));
        batch.putSubscription(LONG, subscription(`${LONG}/#`));
        batch.putSubscription(LONG, subscription(`${LONG}/+`));
        batch.enqueue(LONG, entry(1, one, { share: `$share/g/${LONG}` }));
        batch.retain(one);
        batch.putWill({ id: LONG, owner: '', message: one, delaySeconds: 0, dueAt: 0 });
      });
      await commit(harness.store, (batch) => batch.deleteSession(`${LONG}2`));

      const store = await harness.reopen();
      const { sessions, wills } = plain(await store.load());

      expect(sessions.map(({ record }) => record.id)).to.deep.equal([LONG]);
      expect(sessions[0]!.subscriptions).to.have.length(2);
      expect(sessions[0]!.queue[0]!.message).to.deep.equal(plainMessage(one));
      expect(wills[0]!.message).to.deep.equal(plainMessage(one));
      expect([...store.retainedTopics('#')]).to.deep.equal([LONG]);
      expect(plainMessage(store.retained(LONG)!)).to.deep.equal(plainMessage(one));
    });

    it('share a message over many queues until the last of them is through with it', async () => {
      await using harness = await open();
      const shared = message('a', 'x'.repeat(500));
      const ids = Array.from({ length: 50 }, (_, i) => `s${i}`);
      await commit(harness.store, (batch) => {
        for (const id of ids) batch.putSession(session(id));
        for (const id of ids) batch.enqueue(id, entry(1, shared));
      });
      await commit(harness.store, (batch) => {
        for (const id of ids.slice(0, 20)) batch.dequeue(id, 1);
        for (const id of ids.slice(20, 40)) batch.deleteSession(id);
        batch.enqueue('s0', entry(2, shared));
      });

      const second = await harness.reopen();
      const half = plain(await second.load()).sessions;
      await commit(second, (batch) => {
        for (const id of ids) batch.dequeue(id, 1);
      });
      const rest = plain(await (await harness.reopen()).load()).sessions;

      expect(half).to.have.length(30);
      expect(half.flatMap(({ queue }) => queue)).to.have.length(11);
      for (const { queue } of half) for (const one of queue) expect(one.message).to.deep.equal(plainMessage(shared));
      expect(rest.flatMap(({ queue }) => queue.map(({ seq }) => seq))).to.deep.equal([2]);
    });
  });

  describe('retained messages', () => {
    it('are one per topic, found by filter, and gone with an empty payload', async () => {
      await using harness = await open();
      await commit(harness.store, (batch) => {
        for (const topic of ['a', 'a/b', 'a/c', '$SYS/x', 'ä']) batch.retain(fullMessage(topic));
      });
      await commit(harness.store, (batch) => {
        batch.retain(message('a/b', ''));
        batch.retain(message('none', ''));
        batch.retain(message('a', 'new'));
      });

      checkRetained(harness.store);
      checkRetained(await harness.reopen());
    });

    it('are seen only once committed', async () => {
      await using harness = await open();
      const { store } = harness;
      const batch = store.batch();
      batch.retain(message('a', 'x'));

      const before = [store.retainedCount, store.retained('a'), [...store.retainedTopics('#')].length];
      await new Promise((resolve) => batch.commit(resolve));

      expect(before).to.deep.equal([0, undefined, 0]);
      expect(store.retainedCount).to.equal(1);
    });
  });

  describe('wills', () => {
    it('are kept until deleted', async () => {
      await using harness = await open();
      const will = { id: 'one', owner: 'ana', message: fullMessage('w'), delaySeconds: 5, dueAt: 9 };
      await commit(harness.store, (batch) => {
        batch.putWill(will);
        batch.putWill({ ...will, id: 'two' });
        batch.putWill({ ...will, id: 'one', dueAt: 10 });
        batch.deleteWill('two');
        batch.deleteWill('three');
      });

      const { wills } = plain(await (await harness.reopen()).load());

      expect(wills).to.deep.equal([{ ...will, dueAt: 10, message: plainMessage(will.message) }]);
    });
  });

  describe('commits', () => {
    it('are called back in their order, empty ones too', async () => {
      await using harness = await open();
      const { store } = harness;
      const order: number[] = [];
      for (let i = 0; i < 50; i++) {
        const batch = store.batch();
        if (i % 3 !== 0) batch.put('t', [i], i);
        batch.commit(() => order.push(i));
        if (i % 10 === 0) await new Promise(setImmediate);
      }

      await settled(store);

      expect(order).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    });

    it('know whether they are empty', async () => {
      await using harness = await open();
      const batch = harness.store.batch();

      expect(batch.empty).to.equal(true);
      batch.remove('t', []);
      expect(batch.empty).to.equal(false);
    });

    it('are kept when the store is closed right behind them', async () => {
      await using harness = await open();
      const batch = harness.store.batch();
      batch.put('t', [1], 'kept');
      batch.commit(() => undefined);

      const store = await harness.reopen();

      expect(store.get('t', [1])).to.equal('kept');
    });
  });

  it('has the same id over restarts, and another store has another', async () => {
    await using harness = await open();
    await using other = await open();
    const { id } = harness.store;

    expect((await harness.reopen()).id).to.equal(id);
    expect(other.store.id).not.to.equal(id);
  });
}

function checkRetained(store: Store): void {
  expect(store.retainedCount).to.equal(4);
  expect([...store.retainedTopics('a/#')]).to.have.members(['a', 'a/c']);
  expect([...store.retainedTopics('+')]).to.have.members(['a', 'ä']);
  expect(store.retained('a/b')).to.equal(undefined);
  expect(String(store.retained('a')!.payload)).to.equal('new');
  expect(plainMessage(store.retained('a/c')!)).to.deep.equal(plainMessage(fullMessage('a/c')));
}
