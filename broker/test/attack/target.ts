import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { PASSWORD } from '../support/accounts.ts';
import { ask } from '../support/http.ts';
import type { Answer } from '../support/http.ts';
import { runHub } from '../support/process.ts';
import type { Running } from '../support/process.ts';
import { until } from '../support/until.ts';

const START_MS = 60_000;
/** Low, so that every limit is passed in a test; the code that holds them is the same. */
const LIMITS = {
  PARLEY_CONNECT_TIMEOUT_SECONDS: '3',
  PARLEY_MAX_SESSIONS: '500',
  PARLEY_MAX_SUBSCRIPTIONS: '1000',
  PARLEY_MAX_RETAINED_MESSAGES: '1000',
  PARLEY_MAX_QUEUED_MESSAGES: '500',
  PARLEY_FILES_MAX_BYTES: '10000000',
};

/** The built hub as a process of its own, with accounts and the embedded store. */
export interface Target extends AsyncDisposable {
  readonly running: Running;
  readonly ports: { readonly mqtt: number; readonly http: number };
  readonly httpUrl: string;
  /** Tokens: of the administrator, of the attacker, and of two who have nothing to do with any of it. */
  readonly tokens: Readonly<Record<'root' | 'eve' | 'ana' | 'ben', string>>;
  api(token: string | undefined, method: string, path: string, body?: unknown, headers?: object): Promise<Answer>;
  /** Connects over MQTT with a token. */
  client(token: string, options?: IClientOptions): Promise<MqttClient>;
  /** A bare socket to a port of the hub; its errors are not of interest. */
  socket(port: 'mqtt' | 'http'): Promise<Socket>;
  /** Values of `/metrics` by name. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}

export async function startTarget(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-attacked-'));
  const args = ['--mqtt-port', '0', '--http-port', '0', '--data-dir', join(folder, 'data'), '--auth', 'accounts'];
  const running = runHub(args, { ...LIMITS, PARLEY_STORE: 'embedded' });
  const [, http] = await running.prints(/http:\/\/127\.0\.0\.1:(\d+)/, START_MS);
  const [, port] = await running.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, START_MS);
  const [, code] = await running.prints(/\/invite#(\S+)/, START_MS);
  const ports = { mqtt: Number(port), http: Number(http) };
  const httpUrl = `http://127.0.0.1:${http}`;
  const api: Target['api'] = (token, method, path, body, headers = {}) =>
    ask({ httpUrl }, path, {
      method,
      headers: {
        // A connection that is kept for the next request would count as one that the hub leaks.
        Connection: 'close',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const accept = { code, user: 'root', password: PASSWORD };
  const root = (await api(undefined, 'POST', '/api/invites/accept', accept)).body.token as string;
  const person = async (name: string): Promise<string> => {
    await api(root, 'POST', '/api/accounts', { name, kind: 'person', password: PASSWORD });
    return (await api(root, 'POST', `/api/accounts/${name}/tokens`, {})).body.token as string;
  };
  const tokens = { root, eve: await person('eve'), ana: await person('ana'), ben: await person('ben') };
  return {
    running,
    ports,
    httpUrl,
    tokens,
    api,
    client: (token, options = {}) =>
      mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: '',
        password: token,
        protocolVersion: 5,
        reconnectPeriod: 0,
        ...options,
      }),
    socket: (which) => openSocket(ports[which]),
    metrics: async () => {
      const text = await (
        await fetch(`${httpUrl}/metrics`, { headers: { Authorization: `Bearer ${root}`, Connection: 'close' } })
      ).text();
      const lines = [...text.matchAll(/^(\w+) (\S+)$/gm)];
      return new Map(lines.map(([, name, value]) => [name!, Number(value)]));
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
    socket.on('data', () => undefined);
  });
}

/** What `/metrics` says, once `holds`. */
export function untilMetrics(
  target: Target,
  holds: (metrics: ReadonlyMap<string, number>) => boolean,
  what: string,
  ms = 45_000,
): Promise<ReadonlyMap<string, number>> {
  return until(
    async () => {
      const metrics = await target.metrics();
      return holds(metrics) ? metrics : undefined;
    },
    what,
    ms,
  );
}
