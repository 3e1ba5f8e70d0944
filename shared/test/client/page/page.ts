import { connectHub, idbStorage } from '@parley/shared/client/browser';

/** What the tests call from outside: each gives what JSON can carry. */
const calls = {
  /** One life of the page with the database it has: sends, and says what became of it. */
  async send(url: string, text: string, wait: boolean): Promise<unknown> {
    const hub = await connectHub({ url, user: 'ana', reconnect: { baseMs: 10, capMs: 50 } });
    const send = hub.channel('general').send(text);
    await send.whenStored();
    if (!wait) return { id: send.id };
    const entry = await send.whenSent();
    await hub.close();
    return entry;
  },

  /** Comes back with nothing to say, and waits until nothing is left to send. */
  async flush(url: string): Promise<unknown> {
    const hub = await connectHub({ url, user: 'ana', reconnect: { baseMs: 10, capMs: 50 } });
    const general = hub.channel('general');
    await general.whenLoaded();
    while (general.isSending) await new Promise((resolve) => setTimeout(resolve, 10));
    await hub.close();
    return general.entries;
  },

  /** Comes back at once when the network does, though the back-off says a minute. */
  async wake(url: string): Promise<unknown> {
    const slow = { baseMs: 60_000, capMs: 60_000 };
    const hub = await connectHub({ url, user: 'ana', reconnect: slow, platform: { random: () => 0.99 } });
    while (hub.connection.state !== 'waiting') await new Promise((resolve) => setTimeout(resolve, 10));
    const connecting = new Promise((resolve) => hub.on('connection', ({ state }) => resolve(state)));
    dispatchEvent(new Event('online'));
    const state = await connecting;
    await hub.close();
    return state;
  },

  /** The contract of every storage, over IndexedDB. */
  async storage(): Promise<unknown> {
    const [one, other] = [await idbStorage('contract'), await idbStorage('contract')];
    await Promise.all([one.set('a/1', 'x'), one.delete('a/1'), one.set('a/1', 'last')]);
    await one.set('a/2', 'two');
    await one.set('b', 'three');
    await one.delete('b');
    await one.delete('b');
    return { get: await other.get('a/1'), gone: await other.get('b'), list: await other.list('a/') };
  },
};

declare global {
  var calls: { [name: string]: (...values: never[]) => Promise<unknown> };
}
globalThis.calls = calls;
