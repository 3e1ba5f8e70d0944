import { steadyNow } from '../../clock.ts';
import { PUBACK, PUBREC } from '../acks.ts';
import type { Connection } from '../connection.ts';
import { refuse, tellRefused, type Core } from '../core.ts';
import { count, type Cause } from '../counters.ts';
import type { Refusal } from '../hooks.ts';
import type { Work } from '../lane.ts';
import { Message } from '../message.ts';
import { PacketType, type PublishPacket } from '../packets.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Outcome } from '../publication.ts';
import { Reason, toPermitted } from '../reason.ts';
import { because } from '../sender.ts';
import type { Session } from '../session.ts';

/** PUBLISH of a client (§3.3): authorised, staged, and acknowledged when everything it causes is kept. */
export function handlePublish(core: Core, connection: Connection, packet: PublishPacket): void {
  const { counters } = core;
  counters.publishesReceived++;
  counters.publishBytesReceived += packet.payload.length;
  const topic = resolveTopic(connection, packet);
  if (packet.qos > 0) open(core, connection, packet.packetId);
  if (connection.throttle) slowDown(core, connection);
  if (packet.qos === 2 && isRepeated(connection.session!, packet.packetId)) {
    return connection.lane.push(new Repeat(core, connection, packet.packetId));
  }
  const message = new Message(core.source, packet, connection.id, steadyNow());
  message.topic = topic;
  message.dup = packet.dup;
  core.publications.fromClient(message, connection, packet.packetId, (outcome) =>
    settle(core, connection, message, packet, outcome),
  );
  relieve(core, connection);
}

function resolveTopic({ inboundAliases }: Connection, { topic, properties }: PublishPacket): string {
  const alias = properties?.topicAlias;
  return alias === undefined ? topic : inboundAliases.resolve(topic, alias);
}

/** Counts what is unacknowledged: past our Receive Maximum the client is in error [MQTT-3.3.4-9]. */
function open({ options }: Core, connection: Connection, packetId: number): void {
  const ids = (connection.openIds ??= new Set());
  ids.add(packetId);
  if (ids.size <= options.receiveMaximum) return;
  // 3.x has no Receive Maximum: reading stops at the limit, and only QoS 2 never released gets here.
  if (connection.version !== 5 && connection.lane.length > 0) return;
  throw new ProtocolError(Reason.receiveMaximumExceeded, 'MQTT-3.3.4-9', 'more messages than the receive maximum');
}

/** Whether this QoS 2 message was received before and not released: it must not be delivered again [MQTT-4.3.3-10]. */
function isRepeated(session: Session, packetId: number): boolean {
  const received = (session.received ??= new Set());
  if (received.has(packetId)) return true;
  received.add(packetId);
  return false;
}

/** A QoS 2 message sent again is acknowledged again, once its first copy is kept. */
class Repeat implements Work {
  readonly authorized = true;
  settled = false;
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #packetId: number;
  #failed = false;

  constructor(core: Core, connection: Connection, packetId: number) {
    this.#core = core;
    this.#connection = connection;
    this.#packetId = packetId;
  }

  stage(): void {
    this.#core.store.batch().commit((error) => {
      this.#failed = error !== null;
      this.settled = true;
      this.#connection.lane.advance();
    });
  }

  finish(): void {
    // Whether the first copy was kept is not known: the client asks again on its next connection.
    if (this.#failed) return this.#connection.disconnect(Reason.quotaExceeded);
    if (!this.#connection.closed) this.#connection.sender.sendPacked(PUBREC, this.#packetId);
  }
}

/** Publishes waiting for authorisation or the store: past a bound the socket waits with them. */
function relieve({ options }: Core, connection: Connection): void {
  const { lane } = connection;
  if (!connection.crowded && lane.length >= options.receiveMaximum) {
    connection.crowded = true;
    connection.intake.pause();
  } else if (connection.crowded && lane.length * 2 <= options.receiveMaximum) {
    connection.crowded = false;
    connection.intake.resume();
  }
}

function slowDown(core: Core, connection: Connection): void {
  const wait = connection.throttle!.take(steadyNow());
  if (wait === 0 || connection.throttled) return;
  count(core.counters.refused, 'publishRate');
  core.log('publish-rate', { client: connection.id, waitMs: wait });
  connection.throttled = true;
  connection.intake.hold();
  setTimeout(() => {
    connection.throttled = false;
    connection.intake.release();
  }, wait).unref();
}

function settle(
  core: Core,
  connection: Connection,
  message: Message,
  { qos, packetId }: PublishPacket,
  { refusal, failed, matched }: Outcome,
): void {
  relieve(core, connection);
  const carries = connection.version === 5 && qos > 0;
  if (refusal && !failed) reportRefusal(core, connection, message, refusal, carries);
  if (failed) refuse(core, 'store', { client: connection.id });
  if (qos === 0) return;
  // MQTT 5 can say that it was not kept. In 3.x an acknowledgement would promise what is not true: the connection ends
  // without one, and the client sends the message again on its next.
  if (failed && !carries) return abandon(connection, qos, packetId);
  const refusedWith = refusal && toPermitted(refusal.reasonCode, 'acknowledgement');
  const reasonCode = refusedWith ?? (matched ? Reason.success : Reason.noMatchingSubscribers);
  const refused = carries && reasonCode >= 0x80;
  if (qos === 1 || refused) connection.openIds?.delete(packetId);
  if (qos === 2 && refused) connection.session?.received?.delete(packetId);
  if (connection.closed) return;
  const packed = qos === 1 ? PUBACK : PUBREC;
  if (!carries || reasonCode === Reason.success) return connection.sender.sendPacked(packed, packetId);
  const type = qos === 1 ? PacketType.puback : PacketType.pubrec;
  const properties = refusal && whyRefused(refusal, connection);
  connection.sender.send({ type, packetId, reasonCode, properties });
}

/** Several codes of the hub share a reason code, so the acknowledgement names it too. */
function whyRefused({ code, message }: Refusal, { requestProblemInformation: wanted }: Connection) {
  const userProperties: [string, string][] = [['code', code ?? '']];
  return wanted && code !== undefined ? { ...because(message, wanted), userProperties } : because(message, wanted);
}

function causeOf({ code, reasonCode }: Refusal): Cause {
  if (code === 'quota-exceeded') return 'retained';
  return reasonCode === Reason.notAuthorized ? 'authorization' : 'refusedDraft';
}

/** Counts a refusal; where no acknowledgement can carry it the hub is told, to tell the client in its way. */
function reportRefusal(core: Core, connection: Connection, message: Message, refusal: Refusal, carried: boolean): void {
  refuse(core, causeOf(refusal), {
    code: refusal.code,
    client: connection.id,
    topic: message.topic,
    message: refusal.message,
  });
  if (!carried) tellRefused(core, message, connection, refusal);
}

/** The same packet id is the same message again: it was not received. */
function abandon(connection: Connection, qos: number, packetId: number): void {
  if (qos === 2) connection.session?.received?.delete(packetId);
  connection.disconnect(Reason.quotaExceeded);
}
