import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Aedes } from 'aedes';
import type { WebSocket } from 'ws';
import { Alerts } from './alerts/alerts.ts';
import { Auth } from './auth/auth.ts';
import { guardHttp } from './auth/http-guard.ts';
import { AuthApi, authenticateWith, isSecure, watchConnections } from './auth/wiring.ts';
import { Chat, LONGEST_DRAFT } from './chat/chat.ts';
import { Devices } from './devices/devices.ts';
import { Files } from './files/files.ts';
import { discovery } from './home-assistant/discovery.ts';
import { apiRoutes } from './http/api.ts';
import { readerCounters } from './http/reader-counters.ts';
import { openApi } from './http/openapi.ts';
import { publishAs } from './http/refusal.ts';
import { chatRoutes } from './http/routes/chat.ts';
import { healthRoutes } from './http/routes/health.ts';
import { hubRoutes } from './http/routes/hub.ts';
import { createHttp, listenHttp } from './http/server.ts';
import { webApp } from './http/web-app.ts';
import { readCertificate } from './listen/certificate.ts';
import { listenTcp, listenTls } from './listen/tcp.ts';
import { acceptWebSockets } from './listen/websocket.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { admit } from './mqtt/admission.ts';
import { createBroker } from './mqtt/broker.ts';
import type { Admit, Broker } from './mqtt/broker.ts';
import { Sys } from './ops/sys.ts';
import { rawFromObject, resolveOptions } from './options/resolve.ts';
import type { HubOptions } from './options/table.ts';
import { Scope } from './scope.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { version } from './version.ts';

/** Ports as they were opened; a port of 0 has become a real one. */
export interface Ports {
  readonly mqtt: number;
  readonly mqtts?: number;
  readonly http: number;
}

/** A running hub. */
export interface Hub extends AsyncDisposable {
  readonly aedes: Aedes;
  readonly options: HubOptions;
  readonly ports: Ports;
  readonly log: Log;
  /** With accounts and nobody who has one: the one-time link that makes the first administrator. */
  readonly invite: string | undefined;
  /** Stops accepting, ends every connection and resolves when all is closed. */
  close(): Promise<void>;
}

export interface HubExtras {
  /** Replaces the log on standard error. */
  readonly log?: Log;
  /** Replaces the store that the options name; the hub closes it. */
  readonly store?: Store;
}

/**
 * Starts a hub in this process.
 * @param given options by their names in docs/options.md; what is missing has its default
 * @throws ParleyError `option-invalid`, `listen-failed`, `certificate-unreadable`; nothing stays open then
 */
export async function startHub(given: Partial<HubOptions> = {}, extras: HubExtras = {}): Promise<Hub> {
  const options = resolveOptions(rawFromObject(given, 'startHub'));
  const log = extras.log ?? createLog(options.logLevel);
  const scope = new Scope();
  try {
    const store = extras.store ?? openStore(options);
    scope.defer(() => store.close());
    const { aedes, ports, invite } = await compose(options, store, log, scope);
    const close = (): Promise<void> => scope.close();
    log.info({ event: 'hub.started', ports }, 'hub started');
    return { aedes, options, ports, log, invite, close, [Symbol.asyncDispose]: close };
  } catch (failure) {
    await scope.close();
    throw failure;
  }
}

/** The composition root: everything is made here, and the scope closes it in the reverse order. */
async function compose(
  options: HubOptions,
  store: Store,
  log: Log,
  scope: Scope,
): Promise<{ aedes: Aedes; ports: Ports; invite: string | undefined }> {
  const certificate = readCertificate(options);
  const auth = new Auth(store, options, log);
  const { broker, chat, devices, alerts } = await composeMessaging(options, { store, log, auth }, scope);
  const files = await Files.open(store, { dir: filesDir(options), ...options }, scope);

  const accept = (socket: Duplex | WebSocket, request?: IncomingMessage): void => {
    broker.engine.handle(socket, request);
  };
  const node = nodeId();
  const http = await createHttp(options, node, certificate, log);
  if (auth.enabled) guardHttp(http, { authenticator: auth.authenticator, isSecure: isSecure(options) });
  await openApi(http);
  let ports: Ports | undefined;
  const signal = scope.signal;
  healthRoutes(http, { ready: () => ports !== undefined && !signal.aborted });
  const { maxPacketBytes, maxFileBytes } = options;
  const limits = { maxPacketBytes, maxDraftCharacters: LONGEST_DRAFT, maxFileBytes };
  hubRoutes(http, { facts: () => ({ version, auth: options.auth, mqttPort: ports!.mqtt, ...limits }) });
  const readers = readerCounters();
  await chatRoutes(http, { chat, readers }, scope);
  await apiRoutes(http, { broker, chat, devices, files, alerts, readers, nodeId: node }, options, scope);
  const authApi = new AuthApi({ auth, rights: chat.rights, log, port: () => ports!.http }, options);
  await authApi.routes(http);
  await webApp(http);
  acceptWebSockets(http, accept, options, log, scope);

  ports = await openPorts();
  return { aedes: broker.aedes, ports, invite: await authApi.start(scope) };

  async function openPorts(): Promise<Ports> {
    const { host, mqttPort, mqttsPort } = options;
    const mqtt = await listenTcp({ host, port: mqttPort }, accept, scope);
    const mqtts =
      certificate && mqttsPort !== 'off'
        ? { mqtts: await listenTls({ host, port: mqttsPort }, certificate, accept, scope) }
        : {};
    return { mqtt, ...mqtts, http: await listenHttp(http, options, scope) };
  }
}

interface MessagingContext {
  readonly store: Store;
  readonly log: Log;
  readonly auth: Auth;
}

/** The chat publishes through the broker, and the broker admits through the chat. */
async function composeMessaging(
  options: HubOptions,
  { store, log, auth }: MessagingContext,
  scope: Scope,
): Promise<{ broker: Broker; chat: Chat; devices: Devices; alerts: Alerts }> {
  const chat = await Chat.open({ store, log, policy: (members) => auth.policy(members) }, options, scope);
  const { rights } = chat;
  let devices: Devices | undefined;
  const admitted: Admit = (publish, actor, stage) => {
    const result = admit(chat, publish, actor, stage);
    devices?.noteActor(actor, stage);
    if (result?.topic.startsWith('devices/')) devices?.note(result, actor, stage);
    return result;
  };
  const authenticate = authenticateWith(auth, options, { rights, log });
  const broker = await createBroker({ store, rights, log, admit: admitted, authenticate }, options, scope);
  watchConnections(auth, broker, scope);
  devices = new Devices(broker, options, log, scope);
  await chat.start(broker, options, scope);
  devices.start();
  const warn = (event: string, fields: object): void => log.warn({ event, ...fields }, event);
  const { aedes, engine, publish } = broker;
  await discovery({ store, engine, publish, log: warn }, options.homeAssistant === 'on', scope);
  new Sys({ aedes, publish, counters: engine.counters, retained: () => store.retainedCount, log: warn }).start(
    options,
    scope,
  );
  const alerts = new Alerts(
    {
      store,
      rights,
      recorder: devices.recorder,
      publish: publishAs(broker),
      log: warn,
    },
    scope,
  );
  return { broker, chat, devices, alerts };
}

/** Beside the store; what is kept in memory has its files in a directory of its own, removed with it. */
function filesDir({ store, dataDir }: HubOptions): string | undefined {
  return store === 'memory' ? undefined : join(dataDir, 'files');
}

/** Eight characters that tell this start from others, in `Parley-Node` and the log. */
function nodeId(): string {
  return randomBytes(4).toString('hex');
}
