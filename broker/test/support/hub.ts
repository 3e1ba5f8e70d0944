import { startHub } from '@parley/broker';
import type { Hub, HubExtras, HubOptions } from '@parley/broker';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';

/** A hub on free ports of loopback, quiet unless a test asks for its log. */
export interface TestHub extends Hub {
  readonly mqttUrl: string;
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** An MQTT.js client over TCP, connected; it ends with the hub. */
  client(name?: string, options?: IClientOptions & { url?: string }): Promise<MqttClient>;
}

export async function startTestHub(options: Partial<HubOptions> = {}, extras: HubExtras = {}): Promise<TestHub> {
  const quiet = { store: 'memory', mqttPort: 0, httpPort: 0, logLevel: 'silent', presenceGraceSeconds: 0 } as const;
  const hub = await startHub({ ...quiet, ...options }, extras);
  const clients: MqttClient[] = [];
  const mqttUrl = `mqtt://127.0.0.1:${hub.ports.mqtt}`;

  const client = async (name?: string, { url = mqttUrl, ...rest }: IClientOptions & { url?: string } = {}) => {
    const opened = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...(name && { username: name }), ...rest });
    clients.push(opened);
    return opened;
  };
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((one) => one.endAsync(true)));
    await hub.close();
  };
  return {
    ...hub,
    mqttUrl,
    httpUrl: `http://127.0.0.1:${hub.ports.http}`,
    wsUrl: `ws://127.0.0.1:${hub.ports.http}/mqtt`,
    client,
    close,
    [Symbol.asyncDispose]: close,
  };
}
