import { Client } from './client.ts';
import type { Target } from './job.ts';

/** Connections that are being opened at the same time. */
const AT_ONCE = 50;

let ids = 0;

/** Opens connections up to CONNACK. Client ids are ones that no user name could be: presence is not part of the load. */
export async function openAll(target: Target, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  const open = async (): Promise<void> => {
    while (clients.length < count) {
      const client = new Client(target);
      clients.push(client);
      await client.open(`Bench.${process.pid}.${ids++}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  return clients;
}
