import type { IPublishPacket } from 'mqtt-packet';
import { deferred } from './deferred.ts';
import { type Fleet, POSITION, STATES } from './fleet.ts';
import { Link } from './link.ts';
import type { Publisher } from './publisher.ts';

const MARKER = 'probe/end';

/** Every retained message must be the last acknowledged one of its topic, or one sent after it. */
export async function checkRetained(port: number, { keepers, reader }: Fleet, isFinal = false): Promise<void> {
  const found = await read(port, ['state/#', POSITION]);
  for (const keeper of keepers) {
    for (let state = 0; state < STATES; state++) {
      const topic = `state/${keeper.options.id}/${state}`;
      check(topic, keeper, found, (n) => (n % STATES === state ? n : undefined), isFinal);
    }
  }
  check(POSITION, reader, found, (n) => Number(reader.options.make(n).payload), isFinal);
}

function check(
  topic: string,
  { acknowledged, sent }: Publisher,
  found: ReadonlyMap<string, string>,
  valueOf: (n: number) => number | undefined,
  isFinal: boolean,
): void {
  let least = -1;
  let most = -1;
  for (let n = 1; n <= sent; n++) {
    const value = valueOf(n) ?? -1;
    most = Math.max(most, value);
    if (acknowledged[n] !== undefined) least = Math.max(least, value);
  }
  const value = Number(found.get(topic) ?? -1);
  const wanted = isFinal ? most : least;
  if (value < wanted || value > most) throw new Error(`${topic} is ${value}, not ${wanted} to ${most}`);
}

/** Retained messages follow the SUBACK; what is published after them comes behind them. */
async function read(port: number, filters: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const ended = deferred<void>();
  const opened = await Link.open(port, { id: 'ana-probe', user: 'ana', version: 5, kept: false }, (packet, link) => {
    if (packet.cmd === 'suback') link.send(publishOf(MARKER));
    if (packet.cmd !== 'publish') return;
    if (packet.topic === MARKER) ended.resolve();
    else found.set(packet.topic, String(packet.payload));
  });
  if (!opened) throw new Error('the hub hung up');
  const subscriptions = [...filters, MARKER].map((topic) => ({ topic, qos: 0 as const }));
  opened.link.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await ended.promise;
  opened.link.destroy();
  return found;
}

function publishOf(topic: string): IPublishPacket {
  return { cmd: 'publish', topic, payload: 'end', qos: 0, retain: false, dup: false };
}
