import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { ParleyError } from '@parley/shared';

export interface Endpoint {
  /** `mqtt`, `mqtts`, `ws` or `wss`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly version: 4 | 5;
  /** PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
}

/** Connections being opened at a time: more only makes each of them wait. */
const OPENING = 100;
const CONNECT_MS = 30_000;

/**
 * Opens connections, some at a time. They reconnect by themselves.
 * @throws ParleyError `connect-failed` with what the first one that failed said; none stays open then
 */
export async function connectAll(endpoint: Endpoint, ids: readonly string[]): Promise<MqttClient[]> {
  const clients: MqttClient[] = [];
  const opened: MqttClient[] = [];
  const left = ids.entries();
  let failure: Error | undefined;
  const open = async (): Promise<void> => {
    for (const [index, id] of left) {
      if (failure) return;
      const client = mqtt.connect(endpoint.url, optionsOf(endpoint, id));
      opened.push(client);
      clients[index] = client;
      await connected(client).catch((error: unknown) => (failure ??= error as Error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(OPENING, ids.length) }, open));
  if (!failure) return clients;
  await closeAll(opened, true);
  throw new ParleyError('connect-failed', `cannot connect to ${endpoint.url}: ${failure.message}`, { cause: failure });
}

export async function closeAll(clients: readonly MqttClient[], isForced = false): Promise<void> {
  await Promise.all(clients.map((client) => client.endAsync(isForced || !client.connected).catch(() => undefined)));
}

/** Resolves with the first CONNACK, rejects with the first trouble before it. */
function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
    client.once('connect', () => resolve());
    client.on('error', reject);
    client.once('close', () => reject(new Error('the connection was closed')));
    client.once('connect', () => clearTimeout(timer));
    client.once('close', () => clearTimeout(timer));
  });
}

function optionsOf(endpoint: Endpoint, clientId: string): IClientOptions {
  const { username, password, version, ca, cert, key, insecure } = endpoint;
  return {
    clientId,
    protocolVersion: version,
    clean: true,
    // What is in flight when a connection breaks is sent again, once it is back.
    reconnectPeriod: 1000,
    connectTimeout: CONNECT_MS,
    queueQoSZero: false,
    ...(version === 5 && { properties: { receiveMaximum: 65_535 } }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(insecure && { rejectUnauthorized: false }),
  };
}
