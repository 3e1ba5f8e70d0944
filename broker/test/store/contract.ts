import { expect } from 'chai';
import type { MessageProperties } from '../../src/mqtt/packets.ts';
import type { QueueEntry, Restored, RestoredSession, Store, StoredMessage } from '../../src/store/store.ts';

/** One place where stores keep things: each `open` sees what the one before committed, as after a restart. */
export interface StoreFixture extends AsyncDisposable {
  open(): Promise<Store>;
}

type Stage = (batch: ReturnType<Store['batch']>) => void;

/** What every store must do. `factory` gives an empty place. */
export function storeContract(name: string, factory: () => Promise<StoreFixture>): void {
  describe(`store: ${name}`, () => {
    it('starts empty', async () => {
      await using place = await factory();

      const { sessions, wills } = await load(place);

      expect([...sessions]).to.deep.equal([]);
      expect([...wills]).to.deep.equal([]);
    });

    it('gives sessions back with subscriptions, received ids and the queue in order', async () => {
      await using place = await factory();
      const subscription = {
        filter: 'a/#',
        qos: 2,
        noLocal: true,
        retainAsPublished: true,
        retainHandling: 1,
        identifier: 9,
      } as const;
      await change(place, (batch) => {
        batch.putSession(record('c'));
        batch.putSubscription('c', subscription);
        for (const seq of [10, 2, 33]) batch.enqueue('c', entry(seq));
        batch.mark('c', 2, { packetId: 7, released: true });
        batch.receive('c', 100);
        batch.receive('c', 101);
        batch.release('c', 100);
      });

      const session = await only(place);

      expect(session.record).to.deep.equal(record('c'));
      expect(session.subscriptions).to.deep.equal([subscription]);
      expect(session.received).to.deep.equal([101]);
      expect(session.queue.map(({ seq }) => seq)).to.deep.equal([2, 10, 33]);
      expect(session.queue[0]).to.deep.include({ mark: { packetId: 7, released: true }, qos: 1, retain: true });
      expect(session.queue[1]!.mark).to.equal(undefined);
      expect(session.nextSeq).to.be.greaterThan(33);
    });

    it('keeps every field of a queued message, bytes included', async () => {
      await using place = await factory();
      const original = entry(1);
      await change(place, (batch) => {
        batch.putSession(record('c'));
        batch.enqueue('c', original);
      });

      const [restored] = (await only(place)).queue;

      expect(plain(restored!.message)).to.deep.equal(plain(original.message));
      expect(restored).to.deep.include({ identifiers: [1, 2], share: '$share/g/t' });
    });

    it('never gives a number out twice, though what had it is gone', async () => {
      await using place = await factory();
      await change(place, (batch) => {
        batch.putSession(record('c'));
        batch.enqueue('c', entry(5));
      });
      await change(place, (batch) => batch.dequeue('c', 5));

      const session = await only(place);

      expect(session.queue).to.deep.equal([]);
      expect(session.nextSeq).to.be.greaterThan(5);
    });

    it('deletes a session with all it has', async () => {
      await using place = await factory();
      await change(place, (batch) => {
        batch.putSession(record('c'));
        batch.enqueue('c', entry(1));
        batch.receive('c', 3);
      });
      await change(place, (batch) => batch.deleteSession('c'));
      await change(place, (batch) => batch.putSession(record('c')));

      const session = await only(place);

      expect(session).to.deep.include({ queue: [], received: [], subscriptions: [] });
    });

    it('replaces and deletes subscriptions', async () => {
      await using place = await factory();
      const options = { noLocal: false, retainAsPublished: false, retainHandling: 0, identifier: 0 } as const;
      await change(place, (batch) => {
        batch.putSession(record('c'));
        batch.putSubscription('c', { filter: 'a', qos: 0, ...options });
        batch.putSubscription('c', { filter: 'a', qos: 1, ...options });
        batch.putSubscription('c', { filter: 'b', qos: 1, ...options });
        batch.deleteSubscription('c', 'b');
      });

      const { subscriptions } = await only(place);

      expect(subscriptions).to.deep.equal([{ filter: 'a', qos: 1, ...options }]);
    });

    it('finds retained messages by topic and by filter, and deletes them by an empty payload', async () => {
      await using place = await factory();
      const topics = ['a', 'a/b', '/a', '$SYS/x', 'é/ü', 'x'.repeat(3000)];
      await change(place, (batch) => {
        for (const topic of topics) batch.retain(message({ topic }));
      });
      await change(place, (batch) => batch.retain(message({ topic: 'a', payload: Buffer.alloc(0) })));

      const store = await place.open();
      await store.load();

      expect(store.retained('a')).to.equal(undefined);
      expect(plain(store.retained('é/ü')!)).to.deep.equal(plain(message({ topic: 'é/ü' })));
      expect([...store.retainedTopics('#')]).to.have.members(['/a', 'a/b', 'x'.repeat(3000), 'é/ü']);
      expect([...store.retainedTopics('a/#')]).to.deep.equal(['a/b']);
      expect([...store.retainedTopics()]).to.have.length(5);
      expect(store.retainedCount).to.equal(5);
      await store.close();
    });

    it('keeps wills until they are deleted', async () => {
      await using place = await factory();
      const will = { id: 'c', owner: 'ana', message: message({}), delaySeconds: 5, dueAt: 99 };
      await change(place, (batch) => {
        batch.putWill(will);
        batch.putWill({ ...will, id: 'd' });
        batch.deleteWill('d');
      });

      const [restored, ...others] = [...(await load(place)).wills];

      expect(others).to.deep.equal([]);
      expect(restored).to.deep.include({ id: 'c', owner: 'ana', delaySeconds: 5, dueAt: 99 });
    });

    it('calls back in the order of the commits, empty ones too', async () => {
      await using place = await factory();
      const store = await place.open();
      await store.load();
      const order: number[] = [];

      await new Promise<void>((resolve) => {
        for (let i = 0; i < 20; i++) {
          const batch = store.batch();
          if (i % 3 > 0) batch.retain(message({ topic: `t${i}` }));
          batch.commit(() => order.push(i) === 20 && resolve());
        }
      });

      expect(order).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
      await store.close();
    });
  });
}

function record(id: string) {
  return { id, owner: 'ana', expirySeconds: 60, expiresAt: 1234 };
}

function message(fields: Partial<StoredMessage>): StoredMessage {
  const properties = {
    contentType: 'text/plain',
    correlationData: Buffer.from([0, 255]),
    userProperties: [
      ['k', '1'],
      ['k', '2'],
    ],
  } satisfies MessageProperties;
  const payload = Buffer.from([0, 1, 2, 255]);
  return { topic: 't', payload, qos: 1, retain: true, properties, expiresAt: 17, publisher: 'p', ...fields };
}

function entry(seq: number): QueueEntry {
  return { seq, message: message({}), qos: 1, retain: true, identifiers: [1, 2], share: '$share/g/t' };
}

function plain({ topic, payload, qos, retain, properties, expiresAt, publisher }: StoredMessage): object {
  return { topic, payload: [...payload], qos, retain, properties, expiresAt, publisher };
}

function commit(store: Store, stage: Stage): Promise<Error | null> {
  const batch = store.batch();
  stage(batch);
  return new Promise((resolve) => {
    batch.commit(resolve);
  });
}

/** One run of a store over a place. */
async function change(place: StoreFixture, stage: Stage): Promise<void> {
  const store = await place.open();
  await store.load();
  const error = await commit(store, stage);
  await store.close();
  if (error) throw error;
}

async function load(place: StoreFixture): Promise<{ sessions: RestoredSession[]; wills: Restored['wills'] }> {
  const store = await place.open();
  const { sessions, wills } = await store.load();
  const loaded = { sessions: [...sessions], wills: [...wills] };
  await store.close();
  return loaded;
}

async function only(place: StoreFixture): Promise<RestoredSession> {
  const { sessions } = await load(place);
  expect(sessions).to.have.length(1);
  return sessions[0]!;
}
