import type { Hub } from '@parley/shared/client';
import { connectHub } from '@parley/shared/client/node';
import type { NodeHubOptions } from '@parley/shared/client/node';
import type { TestHub } from '../../../../broker/test/support/hub.ts';

/** A client of a test's hub over TCP, that does not wait long for anything. */
export function connect(
  hub: Pick<TestHub, 'mqttUrl' | 'httpUrl'>,
  user: string,
  options: Partial<NodeHubOptions> = {},
): Promise<Hub> {
  return connectHub({
    url: hub.mqttUrl,
    httpUrl: hub.httpUrl,
    user,
    reconnect: { baseMs: 10, capMs: 50 },
    confirmMs: 200,
    ...options,
  });
}

/** Where no hub is. */
export const nowhere = { mqttUrl: 'mqtt://127.0.0.1:9', httpUrl: 'http://127.0.0.1:9' };

/** What the promise is rejected with; fails the test when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<{ name: string; code?: string; message: string }> {
  const nothing = Symbol('fulfilled');
  const reason = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (reason === nothing) throw new Error('expected a rejection');
  return reason as { name: string; code?: string; message: string };
}
