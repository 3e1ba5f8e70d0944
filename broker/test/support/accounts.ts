import type { HubExtras, HubOptions } from '@parley/broker';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { ask } from './http.ts';
import type { Answer } from './http.ts';
import { startTestHub } from './hub.ts';
import type { TestHub } from './hub.ts';

export const PASSWORD = 'correct horse battery';

/** A hub with accounts and one administrator, `root`. */
export interface AccountsHub extends TestHub {
  /** The administrator's token. */
  readonly root: string;
  /** A request to the API; `who` is a token. */
  api(who: string | undefined, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Makes a person with {@link PASSWORD} and gives a token of theirs. */
  person(name: string, roles?: string[]): Promise<string>;
  /** Makes a device and gives a token of it. */
  device(name: string): Promise<string>;
  /** Connects with a token as the password. */
  as(token: string, options?: IClientOptions & { url?: string }): Promise<MqttClient>;
  /** The reason code with which CONNECT was refused. */
  refused(options: IClientOptions & { url?: string }): Promise<number | undefined>;
}

export async function startAccountsHub(
  options: Partial<HubOptions> = {},
  extras: HubExtras = {},
): Promise<AccountsHub> {
  const hub = await startTestHub({ auth: 'accounts', ...options }, extras);
  const api = (who: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(hub, path, {
      method,
      headers: {
        ...(who !== undefined && { Authorization: `Bearer ${who}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const accepted = await api(undefined, 'POST', '/api/invites/accept', {
    code: hub.invite!.split('#')[1]!,
    user: 'root',
    password: PASSWORD,
  });
  const root = accepted.body.token as string;
  const signIn = async (user: string): Promise<string> =>
    (await api(undefined, 'POST', '/api/login', { user, password: PASSWORD })).body.token as string;
  const add = async (name: string, kind: string, roles?: string[]): Promise<void> => {
    const made = await api(root, 'POST', '/api/accounts', { name, kind, password: PASSWORD, ...(roles && { roles }) });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  };
  return {
    ...hub,
    root,
    api,
    person: async (name, roles) => {
      await add(name, 'person', roles);
      return signIn(name);
    },
    device: async (name) => {
      await add(name, 'device');
      return (await api(root, 'POST', `/api/accounts/${name}/tokens`, {})).body.token as string;
    },
    as: (token, given = {}) => hub.client(undefined, { protocolVersion: 5, password: token, username: '', ...given }),
    refused: async ({ url = hub.mqttUrl, ...given }) => {
      try {
        const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, protocolVersion: 5, ...given });
        await client.endAsync(true);
        return undefined;
      } catch (error) {
        return (error as { code?: number }).code ?? -1;
      }
    },
  };
}

/** Resolves when a client's connection is over. */
export function ended(client: MqttClient): Promise<void> {
  return new Promise((done) => client.once('close', () => done()));
}
