import type { IPublishPacket, MqttClient } from 'mqtt';

export interface Received {
  readonly topic: string;
  readonly payload: Buffer;
  readonly packet: IPublishPacket;
  readonly text: () => string;
  readonly json: () => Record<string, unknown>;
}

/** Subscribes and gives what arrives, one by one, in order. Fails when nothing arrives for `ms`. */
export async function follow(
  client: MqttClient,
  filter: string,
  { qos = 1, ms = 15_000 }: { qos?: 0 | 1 | 2; ms?: number } = {},
) {
  const queue: Received[] = [];
  const waiting: (() => void)[] = [];
  client.on('message', (topic, payload, packet) => {
    queue.push({ topic, payload, packet, text: () => payload.toString(), json: () => JSON.parse(payload.toString()) });
    waiting.shift()?.();
  });
  await client.subscribeAsync(filter, { qos });

  const next = async (wanted: (one: Received) => boolean = () => true): Promise<Received> => {
    const deadline = AbortSignal.timeout(ms);
    for (;;) {
      const index = queue.findIndex(wanted);
      if (index >= 0) return queue.splice(index, 1)[0]!;
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        deadline.addEventListener('abort', () => reject(new Error(`nothing on ${filter} for ${ms} ms`)), {
          once: true,
        });
      });
    }
  };
  return { next, queue };
}
