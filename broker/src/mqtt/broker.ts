import { encodeClientId, topics } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import { Aedes } from 'aedes';
import type { Actor, Rights } from '../auth/rights.ts';
import { connectionName, nameOf } from '../auth/identity.ts';
import type { Log } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import type { Publish } from './admission.ts';
import type { Connection } from './connection.ts';
import { installEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import type { EngineHooks, Publisher, Refusal, Stage } from './hooks.ts';
import { limited } from './log-limit.ts';
import type { Message } from './message.ts';
import { Reason } from './reason.ts';

/** A user name that is none: return code 4 of MQTT 3.1.1 (§3.2.2.3), reason code 0x86 of MQTT 5. */
const badUserName = { returnCode: 4, reasonCode: Reason.badUserNameOrPassword };

type AedesPublish = (packet: Publish, client: Publisher | null, done: (error?: Error | null) => void) => void;

export interface Broker {
  readonly aedes: Aedes;
  readonly engine: Engine;
  /**
   * Publishes by the same path as the wire and resolves when it is stored.
   * @param actor who publishes; null, the default, is the hub itself
   */
  readonly publish: (publish: Publish, actor?: Publisher | null) => Promise<void>;
}

/** What becomes of each publish; see {@link admit}. */
export type Admit = (publish: Message, actor: Publisher | null, stage: Stage) => Publish | null;

export interface BrokerContext {
  readonly store: Store;
  readonly admit: Admit;
  readonly rights: Rights;
  readonly log: Log;
  /** Finds out who connects; without it names are claims. */
  readonly authenticate?: Aedes['authenticate'] | undefined;
}

/** Aedes with Parley's engine on the wire, and with Parley's names, rights and admission in its hooks. */
export async function createBroker(context: BrokerContext, options: HubOptions, scope: Scope): Promise<Broker> {
  const { store, log } = context;
  const aedes = await Aedes.createBroker();
  aedes.authenticate = context.authenticate ?? nameConnections(log);
  const ownedSessions = context.authenticate !== undefined;
  const engine = await installEngine(aedes, {
    options: { ...options, ownedSessions },
    store,
    hooks: hooksOf(aedes, context),
  });
  logEvents(aedes, log, scope);
  scope.defer(() => engine.close());
  scope.defer(() => new Promise((resolve) => aedes.close(resolve)));

  return { aedes, engine, publish: publisher(aedes) };
}

/** `aedes.publish` as a promise that resolves when the message is stored. */
function publisher(aedes: Aedes): Broker['publish'] {
  const publish = aedes.publish.bind(aedes) as unknown as AedesPublish;
  return (packet, actor = null) =>
    new Promise((resolve, reject) => {
      publish(packet, actor, (error) => (error ? reject(error) : resolve()));
    });
}

/** In `open` mode the user name is a claim; without a usable one nobody is refused but a name that is none. */
function nameConnections(log: Log): Aedes['authenticate'] {
  return (client, username, _password, done) => {
    const connection = client as unknown as Connection;
    try {
      connection.user = connectionName(username, connection.idAssigned ? '' : connection.id);
    } catch (refusal) {
      log.warn({ event: 'connect.refused', client: client.id }, (refusal as Error).message);
      done(Object.assign(new Error((refusal as Error).message), badUserName), false);
      return;
    }
    done(null, true);
  };
}

/** The engine's causes that have a code of their own in docs/errors.md. */
const codes: Readonly<Record<string, ErrorCode>> = {
  authorization: 'not-authorized',
  packetTooLarge: 'too-large',
  topicLevels: 'topic-invalid',
  store: 'not-stored',
};

function hooksOf(aedes: Aedes, { admit, rights, log }: BrokerContext): EngineHooks {
  return {
    admit,
    isHub: (client) => nameOf(client) === nameOf(null),
    refused: (message, client, refusal) => report(aedes, message, client, refusal),
    mayRead: (client, topic) => rights.may(client, 'read', topic),
    readableByAll: (topic) => rights.readableByAll(topic),
    maySubscribe: (client, filter) => rights.maySubscribe(client, filter),
    log: (event, { message, cause, ...fields }) => {
      const why = typeof cause === 'string' ? cause : undefined;
      const text = typeof message === 'string' ? message : (why ?? event);
      log.warn({ event, cause, ...(why !== undefined && why in codes && { code: codes[why] }), ...fields }, text);
    },
  };
}

/** Tells a sender what was refused where its protocol cannot: on `hub/errors/<client>`. */
function report(aedes: Aedes, { topic }: Message, client: Publisher | null, { code, message }: Refusal): void {
  if (!client) return;
  const refusal = { code: code ?? 'internal', message, topic: topic.slice(0, 1024), at: Date.now() };
  const publish: Publish = {
    topic: topics.hubError.build({ client: encodeClientId(client.id) }),
    payload: Buffer.from(topics.hubError.codec.encode(refusal)),
  };
  (aedes.publish as unknown as AedesPublish)(publish, null, () => {});
}

/** Connections that come and go may be a flood as well. */
function logEvents(aedes: Aedes, log: Log, scope: Scope): void {
  const info = limited((event, fields) => log.info({ event, ...fields }, event.replace('client.', '')));
  const warn = limited((event, { message, ...fields }) => log.warn({ event, ...fields }, String(message)));
  scope.on(aedes, 'clientReady', (client: Actor) => info('client.connected', who(client)));
  scope.on(aedes, 'clientDisconnect', (client: Actor) => info('client.disconnected', who(client)));
  scope.on(aedes, 'clientError', (client: Actor, { message }: Error) =>
    warn('client.error', { ...who(client), message }),
  );
  scope.on(aedes, 'connectionError', (_client: Actor, { message }: Error) => warn('connection.error', { message }));
}

function who(client: Actor): { client: string; user: string } {
  return { client: client.id, user: nameOf(client) };
}
