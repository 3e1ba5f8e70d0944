import { steadyNow } from '../clock.ts';
import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { emit } from './guard.ts';
import type { HookSubscription } from './aedes-packets.ts';
import { Message, type Publishable } from './message.ts';
import { Outgoing } from './outgoing.ts';
import { PacketType, type ProtocolVersion, type SubscriptionRequest } from './packets.ts';
import { ProtocolError } from './protocol-error.ts';
import { toPermitted, toReturnCode } from './reason.ts';
import { because } from './sender.ts';
import { SubscribeRequest } from './subscribe-request.ts';
import { unsubscribe as removeFilters } from './unsubscribe.ts';

type Subscribed = Pick<HookSubscription, 'topic'> & Partial<HookSubscription>;
export type Subscriptions = Subscribed | readonly Subscribed[] | { readonly subscriptions: readonly Subscribed[] };
export type Unsubscriptions = string | readonly string[] | { readonly unsubscriptions: readonly string[] };
type Done = ((error?: Error | null) => void) | undefined;

/** `client.publish`: to this client alone, whatever it subscribed to. */
export function publishTo(core: Core, { session, id }: Connection, packet: Publishable, done: Done): void {
  if (!session || session.ended) return done?.(new Error('connection closed'));
  const message = new Message(core.source, packet, undefined, steadyNow());
  const { qos, retain } = message;
  if (qos === 0) {
    session.deliver0(message, retain, undefined, steadyNow());
    return done?.(null);
  }
  const out = new Outgoing(message, qos, retain, undefined, undefined, session.durable ? session.nextSeq++ : 0);
  if (!session.accept(out)) return done?.(new Error('queue full'));
  if (out.seq === 0) {
    session.enqueue(out);
    return done?.(null);
  }
  const batch = core.store.batch();
  batch.enqueue(id, out);
  batch.commit((error) => {
    if (error) session.forget(out);
    else if (!session.ended) session.enqueue(out);
    done?.(error);
  });
}

/** `client.subscribe`: as if the client had asked, but without an acknowledgement to it. */
export function subscribe(core: Core, connection: Connection, given: Subscriptions, done: Done): void {
  if (!connection.session) return done?.(new Error('connection closed'));
  const list = 'subscriptions' in given ? given.subscriptions : Array.isArray(given) ? given : [given as Subscribed];
  new SubscribeRequest(core, connection, list.map(toRequest), 0).run(() => done?.(null));
}

/** `client.unsubscribe`. */
export function unsubscribe(core: Core, connection: Connection, given: Unsubscriptions, done: Done): void {
  if (!connection.session) return done?.(new Error('connection closed'));
  const filters = typeof given === 'string' ? [given] : 'unsubscriptions' in given ? given.unsubscriptions : given;
  removeFilters(core, connection, filters, () => done?.(null));
}

/** Answers a CONNECT that is refused; without a version there is nobody who would understand it. */
export function sendRefusal(
  core: Core,
  connection: Connection,
  version: ProtocolVersion | undefined,
  reasonCode: number,
  error: Error,
): void {
  const { sender, requestProblemInformation } = connection;
  const returnCode =
    error instanceof ProtocolError && !connection.connecting ? error.returnCode : toReturnCode(reasonCode);
  if (version === 5) {
    sender.version = 5;
    const properties = because(error.message, requestProblemInformation);
    const code = toPermitted(reasonCode, 'connack');
    sender.send({ type: PacketType.connack, sessionPresent: false, reasonCode: code, properties });
  } else if (returnCode > 0) {
    sender.version = version ?? 4;
    sender.send({ type: PacketType.connack, sessionPresent: false, reasonCode: returnCode, properties: undefined });
  } else return;
  emit(core, 'connackSent', { cmd: 'connack', returnCode, reasonCode, sessionPresent: false }, connection);
}

function toRequest({ topic, qos, nl, rap, rh }: Subscribed): SubscriptionRequest {
  return {
    filter: topic,
    qos: qos === 1 || qos === 2 ? qos : 0,
    noLocal: nl ?? false,
    retainAsPublished: rap ?? false,
    retainHandling: rh ?? 0,
  };
}
