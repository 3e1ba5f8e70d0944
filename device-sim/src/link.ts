import mqtt, { MqttClient } from 'mqtt';
import type { IClientOptions } from 'mqtt';
import type { Random } from './random.ts';
import { websocketBuilder } from './websocket.ts';

/** 3.1.1: the one version that every broker speaks. */
const protocolVersion = 4;
/** Full jitter: each wait is uniform between nothing and a bound that doubles from the first to the last. */
const firstRetryMs = 500;
const longestRetryMs = 15_000;
/** How long a clean end may take before the socket is dropped. */
const closeTimeoutMs = 1000;

export type Qos = 0 | 1 | 2;

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
}

export interface LinkOptions {
  /** `mqtt://` and `mqtts://` go over TCP, `ws://` and `wss://` over WebSocket. */
  readonly url: string;
  readonly clientId: string;
  readonly username: string;
  readonly password?: string;
  readonly will?: Message;
  /** Spreads the reconnects. */
  readonly random: Random;
}

export interface LinkHandlers {
  /** Connected, the first time or again. The session is new: subscribe and announce here. */
  up(): void;
  /** The connection is lost, or could not be made; it is tried again by itself. */
  down(problem?: Error): void;
  /** The broker said no (CONNACK); the link stays closed. */
  refused(error: Error): void;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
}

/** One MQTT connection, kept up until it is closed. */
export interface Link {
  readonly connected: boolean;
  /** Resolves when it is acknowledged. While the link is down, QoS 1 and 2 are kept and QoS 0 is refused. */
  publish(message: Message): Promise<void>;
  subscribe(filters: readonly string[], qos: Qos): Promise<void>;
  /** DISCONNECT, then closed, within a second even when the broker is silent. */
  close(): Promise<void>;
  /** Ends without DISCONNECT, so that the broker publishes the will. */
  drop(): Promise<void>;
}

export type OpenLink = (options: LinkOptions, handlers: LinkHandlers) => Link;

export const openLink: OpenLink = (options, handlers) => {
  const client = connect(options);
  spreadRetries(client, options.random);
  relay(client, handlers);
  return {
    get connected() {
      return client.connected;
    },
    publish: async ({ topic, payload, qos, retain }) => {
      await client.publishAsync(topic, Buffer.from(payload), { qos, retain });
    },
    subscribe: async (filters, qos) => {
      await client.subscribeAsync([...filters], { qos });
    },
    close: async () => {
      await within(closeTimeoutMs, client.endAsync(!client.connected));
      // A second, forced end would do nothing while the first one waits for a silent broker.
      client.stream.destroy();
    },
    drop: () => client.endAsync(true),
  };
};

function connect({ url, clientId, username, password, will }: LinkOptions): MqttClient {
  const options: IClientOptions = {
    protocolVersion,
    clientId,
    username,
    clean: true,
    // Handlers subscribe again themselves, together with what they announce.
    resubscribe: false,
    // A reading that is not sent now is worth nothing later.
    queueQoSZero: false,
    reconnectPeriod: firstRetryMs,
    reconnectOnConnackError: true,
    ...(password !== undefined && { password }),
    ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
  };
  return url.startsWith('ws') ? new MqttClient(websocketBuilder(url), options) : mqtt.connect(url, options);
}

/** MQTT.js reads `reconnectPeriod` whenever it is about to wait, so a new one is drawn before each wait. */
function spreadRetries(client: MqttClient, random: Random): void {
  let attempt = 0;
  const draw = (): void => {
    const bound = Math.min(longestRetryMs, firstRetryMs * 2 ** attempt);
    client.options.reconnectPeriod = 1 + Math.floor(random() * bound);
  };
  client.on('connect', () => {
    attempt = 0;
    draw();
  });
  client.on('reconnect', () => {
    attempt++;
    draw();
  });
  draw();
}

function relay(client: MqttClient, handlers: LinkHandlers): void {
  let problem: Error | undefined;
  let ended = false;
  client.on('connect', () => {
    problem = undefined;
    handlers.up();
  });
  client.on('message', (topic, payload, { retain }) => handlers.message(topic, payload, retain));
  client.on('error', (error) => {
    problem = error;
    // Every CONNACK code but 3, "server unavailable" (MQTT 3.1.1 §3.2.2.3), will be the same the next time.
    if (ended || !('code' in error) || typeof error.code !== 'number' || error.code === 3) return;
    ended = true;
    client.end(true);
    handlers.refused(error);
  });
  client.on('close', () => {
    if (!ended && !client.disconnecting) handlers.down(problem);
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
