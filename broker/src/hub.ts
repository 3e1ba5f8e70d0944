import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Aedes } from 'aedes';
import type { WebSocket } from 'ws';
import { Alerts } from './alerts/alerts.ts';
import { Auth } from './auth/auth.ts';
import { guardHttp } from './auth/http-guard.ts';
import { AuthApi, authenticateWith, watchConnections } from './auth/wiring.ts';
import { Chat, LONGEST_DRAFT } from './chat/chat.ts';
import { Devices } from './devices/devices.ts';
import { filesIn } from './files/disk.ts';
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
import { Certificates, readCertificate } from './listen/certificate.ts';
import { Gatekeeper } from './listen/gatekeeper.ts';
import { isSecure } from './listen/origin.ts';
import { listenRedirect } from './listen/redirect.ts';
import type { IsTrusted } from './listen/proxies.ts';
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
import { Reload } from './reload.ts';
import type { Reloaded } from './reload.ts';
import { Scope } from './scope.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { version } from './version.ts';

/** Ports as they were opened; a port of 0 has become a real one. */
export interface Ports {
  readonly mqtt: number;
  readonly mqtts?: number;
  readonly http: number;
  readonly redirect?: number;
}

/** A running hub. */
export interface Hub extends AsyncDisposable {
  readonly aedes: Aedes;
  readonly options: HubOptions;
  readonly ports: Ports;
  readonly log: Log;
  /** With accounts and nobody who has one: the one-time link that makes the first administrator. */
  readonly invite: string | undefined;
  /** Reads limits, the rights file and certificates anew. @throws ParleyError when some of it is wrong */
  reload(): Reloaded;
  /** Stops accepting, ends every connection and resolves when all is closed. */
  close(): Promise<void>;
}

export interface HubExtras {
  /** Replaces the log on standard error. */
  readonly log?: Log;
  /** Reads the options anew for a reload; without it they stay as they are. */
  readonly reread?: () => HubOptions;
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
    const reread = extras.reread ?? (() => options);
    const { aedes, ports, invite, reload } = await compose(options, { store, log, reread }, scope);
    const close = (): Promise<void> => scope.close();
    log.info({ event: 'hub.started', ports }, 'hub started');
    const again = (): Reloaded => reload.run('hub');
    return { aedes, options, ports, log, invite, reload: again, close, [Symbol.asyncDispose]: close };
  } catch (failure) {
    await scope.close();
    throw failure;
  }
}

/** The composition root: everything is made here, and the scope closes it in the reverse order. */
async function compose(
  options: HubOptions,
  { store, log, reread }: { store: Store; log: Log; reread: () => HubOptions },
  scope: Scope,
): Promise<{ aedes: Aedes; ports: Ports; invite: string | undefined; reload: Reload }> {
  const certificate = readCertificate(options);
  const certificates = new Certificates(options, log, scope);
  const gatekeeper = new Gatekeeper(options, log);
  const auth = new Auth(store, options, log);
  const { broker, chat, devices, alerts } = await composeMessaging(
    options,
    { store, log, auth, isTrusted: gatekeeper.isTrusted },
    scope,
  );
  const files = await Files.open(store, { dir: filesDir(options), ...options }, scope);

  const accept = (socket: Duplex | WebSocket, request?: IncomingMessage): void => {
    broker.engine.handle(socket, request);
  };
  const node = nodeId();
  const http = await createHttp(options, { nodeId: node, certificate, certificates, gatekeeper, log });
  if (auth.enabled) guardHttp(http, { ...auth.parts, isSecure: isSecure(options) }, scope);
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
  const reload = new Reload({ auth, certificates, gatekeeper, engine: broker.engine, log, read: reread }, options);
  await authApi.routes(http, reload);
  await webApp(http);
  acceptWebSockets(http, accept, options, log, scope);

  ports = await openPorts();
  return { aedes: broker.aedes, ports, invite: await authApi.start(scope), reload };

  async function openPorts(): Promise<Ports> {
    const { host, mqttPort, mqttsPort, httpRedirectPort } = options;
    const mqtt = await listenTcp({ host, port: mqttPort }, gatekeeper, accept, scope);
    const tls = certificate && { settings: certificate, certificates, gatekeeper };
    const mqtts =
      tls && mqttsPort !== 'off'
        ? { mqtts: await listenTls({ host, port: mqttsPort }, tls, options, accept, scope) }
        : {};
    const httpPort = await listenHttp(http, options, scope);
    const target = (name: string): string => options.publicUrl ?? `https://${name}:${httpPort}`;
    const redirect =
      httpRedirectPort === 'off'
        ? {}
        : { redirect: await listenRedirect({ host, port: httpRedirectPort }, target, scope) };
    return { mqtt, ...mqtts, http: httpPort, ...redirect };
  }
}

interface MessagingContext {
  readonly store: Store;
  readonly log: Log;
  readonly auth: Auth;
  readonly isTrusted: IsTrusted;
}

/** The chat publishes through the broker, and the broker admits through the chat. */
async function composeMessaging(
  options: HubOptions,
  { store, log, auth, isTrusted }: MessagingContext,
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
  const authenticate = authenticateWith(auth, options, { rights, isTrusted });
  const broker = await createBroker({ store, rights, log, admit: admitted, authenticate }, options, scope);
  watchConnections(auth, broker, log, scope);
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
  return store === 'memory' ? undefined : filesIn(dataDir);
}

/** Eight characters that tell this start from others, in `Parley-Node` and the log. */
function nodeId(): string {
  return randomBytes(4).toString('hex');
}
