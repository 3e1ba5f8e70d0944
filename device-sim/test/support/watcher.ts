import mqtt from 'mqtt';
import { topics } from '@parley/shared';
import type { Reply } from '@parley/shared';
import { until } from './until.ts';

export interface Seen {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

/** A plain MQTT client that keeps what it is sent. */
export interface Watcher extends AsyncDisposable {
  readonly seen: readonly Seen[];
  /** The first message on a topic, past or to come. */
  on(topic: string, payload?: string): Promise<Seen>;
  publish(topic: string, payload: string): Promise<void>;
  /** Sends a command and waits for its answer. */
  command(device: string, command: string, args: unknown, id: string): Promise<Reply>;
}

export async function watch(url: string, ...filters: string[]): Promise<Watcher> {
  const client = await mqtt.connectAsync(url, { username: 'watcher', reconnectPeriod: 0 });
  const seen: Seen[] = [];
  client.on('message', (topic, payload, { retain }) => seen.push({ topic, payload, retain }));
  if (filters.length > 0) await client.subscribeAsync(filters, { qos: 1 });
  const on = (topic: string, payload?: string): Promise<Seen> =>
    until(`${payload ?? 'a message'} on ${topic}`, () =>
      seen.find((one) => one.topic === topic && (payload === undefined || one.payload.toString() === payload)),
    );
  const publish = async (topic: string, payload: string): Promise<void> => {
    await client.publishAsync(topic, payload, { qos: 1 });
  };
  return {
    seen,
    on,
    publish,
    command: async (device, command, args, id) => {
      await publish(topics.command.build({ device, command }), JSON.stringify({ id, args }));
      const { payload } = await on(topics.reply.build({ device, id }));
      return topics.reply.codec.decode(payload);
    },
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}
