import { Publisher, type PublisherOptions } from './publisher.ts';
import { Subscriber } from './subscriber.ts';

const WINDOWS = [1, 100, 1000] as const;
/** Topics that the retained messages of one publisher go to in turn. */
export const STATES = 5;
export const POSITION = 'users/ana/read/general';
export const CHANNELS = ['general', 'ops'] as const;

/** Chatters whose drafts, and so the entries, go at QoS 2. */
export const AT_QOS_2: ReadonlySet<string> = new Set(['chatter1']);

/** Everybody of one campaign. */
export interface Fleet {
  /** On `work/<id>`, each in a session of its own. */
  readonly workers: readonly Publisher[];
  /** On `state/<id>/<n mod STATES>`. */
  readonly keepers: readonly Publisher[];
  /** Entries with ids; message `n` goes to the channel of number `n mod CHANNELS`. */
  readonly chatters: readonly Publisher[];
  /** How far `ana` has read. */
  readonly reader: Publisher;
  /** Each has all of `work/#`, and all but the last the chat. */
  readonly subscribers: readonly Subscriber[];
  /** Share `work/+`. */
  readonly members: readonly Subscriber[];
}

export function createFleet(random: () => number): Fleet {
  const workers = ([1, 2] as const).flatMap((qos) =>
    WINDOWS.map((window, i) => {
      const id = `worker${qos}-${window}`;
      const version = (qos + i) % 2 === 0 ? 4 : 5;
      return publisher({ id, version, qos, window, kept: true }, (n) => ({ topic: `work/${id}`, payload: `${n}` }));
    }),
  );
  const keepers = ([1, 2] as const).map((qos) => {
    const id = `keeper${qos}`;
    const make = (n: number) => ({ topic: `state/${id}/${n % STATES}`, payload: `${n}`, retain: true });
    return publisher({ id, version: 5, qos, window: qos === 1 ? 1 : 20, kept: true }, make);
  });
  const chatters = WINDOWS.map((window, i) => {
    const id = `chatter${i}`;
    return publisher({ id, version: i % 2 === 0 ? 5 : 4, qos: AT_QOS_2.has(id) ? 2 : 1, window, kept: false }, (n) => ({
      topic: `chat/${CHANNELS[n % CHANNELS.length]}`,
      payload: JSON.stringify({ id: entryId(i, n), text: `${id} says ${n}` }),
    }));
  });
  const subscribers = ['sub5', 'sub4', 'sleeper'].map(
    (id, i) =>
      new Subscriber({
        id,
        version: i === 0 ? 5 : 4,
        filters: i === 2 ? ['work/#'] : ['work/#', 'chat/+'],
        delay: () => (random() < 0.8 ? 0 : Math.ceil(random() * 5)),
      }),
  );
  const members = [4, 5].map(
    (version, i) =>
      new Subscriber({ id: `member${i}`, version: version as 4 | 5, filters: ['$share/g/work/+'], delay: () => 0 }),
  );
  return { workers, keepers, chatters, reader: createReader(subscribers[0]!), subscribers, members };
}

function publisher(options: Omit<PublisherOptions, 'make'>, make: PublisherOptions['make']): Publisher {
  return new Publisher({ ...options, make });
}

/** Says that it has read all that the subscriber has got. */
function createReader(subscriber: Subscriber): Publisher {
  const positions: number[] = [];
  const make = (n: number) => {
    const last = subscriber.received.get('chat/general')?.at(-1);
    positions[n] ??= last === undefined ? 0 : (JSON.parse(last) as { seq: number }).seq;
    return { topic: POSITION, payload: `${positions[n]}`, retain: true };
  };
  return publisher({ id: 'ana-phone', user: 'ana', version: 5, qos: 1, window: 1, kept: false }, make);
}

/** A ULID that tells who and which. */
export function entryId(sender: number, n: number): string {
  return `01K${sender}${String(n).padStart(22, '0')}`;
}
