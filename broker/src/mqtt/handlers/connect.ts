import { randomUUID } from 'node:crypto';
import { encodeClientId } from '@parley/shared';
import { authenticate } from '../authentication.ts';
import { toAedesConnect } from '../aedes-packets.ts';
import type { Connection } from '../connection.ts';
import { isCustom, type Core } from '../core.ts';
import { emit, guarded, hookFailed } from '../guard.ts';
import { Message, sizeOf } from '../message.ts';
import { PacketType, type ConnackProperties, type ConnectPacket, type Will } from '../packets.ts';
import { LimitError, ProtocolError } from '../protocol-error.ts';
import { Reason } from '../reason.ts';

/** Session expiry of a 3.x session with Clean Session 0 and of an MQTT 5 one that shall never end (§3.1.2.11.2). */
const FOREVER = 0xffff_ffff;
const MAX_UINT16 = 65_535;
const NOT_STORED = 'the session could not be stored';

/** §3.1.3.1 lets a server take more than 23 characters. This many are in every session, log line and store key of a client. */
const MAX_CLIENT_ID = 1024;

/** What CONNACK has to say beyond the limits. */
interface Answer {
  readonly sessionPresent: boolean;
  readonly authenticationData: Buffer | undefined;
}

/** CONNECT (§3.1): checked, authenticated, then given its session; everything else waits until CONNACK is sent. */
export function handleConnect(core: Core, connection: Connection, packet: ConnectPacket): void {
  connection.intake.hold();
  connection.connecting = true;
  describe(connection, packet);
  if (connection.surplus) return connection.fail(new LimitError('connections', 'too many connections'));
  if (packet.clientId.length > MAX_CLIENT_ID) {
    return refuse(
      connection,
      Reason.clientIdentifierNotValid,
      `the client id has more than ${MAX_CLIENT_ID} characters`,
    );
  }
  if (!isCustom(core.aedes, 'preConnect')) return begin(core, connection, packet);
  const answer = (error: Error | null, accepted: boolean): void => {
    if (connection.closed) return;
    if (error || !accepted) return drop(connection, error ?? new Error('refused before CONNECT was handled'));
    begin(core, connection, packet);
  };
  try {
    core.aedes.preConnect(connection.asClient(), toAedesConnect(packet), answer);
  } catch (error) {
    hookFailed(core, 'preConnect', error);
    answer(new Error('preConnect failed'), false);
  }
}

function begin(core: Core, connection: Connection, packet: ConnectPacket): void {
  connection.idAssigned = packet.clientId === '';
  connection.id = connection.idAssigned ? `auto-${randomUUID()}` : packet.clientId;
  identify(core, connection, packet);
}

/** What later steps and hooks need to know of the client. */
function describe(connection: Connection, packet: ConnectPacket): void {
  const { version, properties, bridge, clean } = packet;
  connection.version = version;
  connection.clean = clean;
  connection.bridge = bridge;
  connection.requestProblemInformation = properties?.requestProblemInformation ?? true;
  connection.sender.version = version;
  connection.sender.maximumPacketSize = properties?.maximumPacketSize ?? Infinity;
}

function identify(core: Core, connection: Connection, packet: ConnectPacket): void {
  authenticate(core, connection, packet, (error, data) => {
    if (connection.closed) return;
    if (error) return connection.fail(error);
    takeOver(core, connection, packet, data);
  });
}

/** Ends the other connection of this client id [MQTT-3.1.4-3]; its will, if due, goes out before our CONNACK. */
function takeOver(core: Core, connection: Connection, packet: ConnectPacket, data: Buffer | undefined): void {
  const { id } = connection;
  const known = core.sessions.get(id);
  if (core.options.ownedSessions && known && known.owner !== (connection.user ?? '')) {
    return refuse(connection, Reason.clientIdentifierNotValid, 'the client id belongs to another user');
  }
  if (known?.connection) known.connection.displace();
  core.wills.whenPublished(id, () => {
    if (connection.closed) return;
    // Another connection of the same id may have come while a will was on its way: the later one is this one.
    core.sessions.get(id)?.connection?.displace();
    open(core, connection, packet, data);
  });
}

/** Begins or resumes the session, within the limits of sessions and wills. */
function open(core: Core, connection: Connection, packet: ConnectPacket, data: Buffer | undefined): void {
  const { options, sessions, wills, store } = core;
  const requested = sessionExpiry(packet);
  // A session has its owner's messages: who comes with its client id under another name begins a new one.
  const known = sessions.get(connection.id);
  const isForeign = known !== undefined && known.owner !== (connection.user ?? '');
  // While the disk is full no session is begun, resumed or ended that would have to be kept.
  if (store.stuck && (requested > 0 || known?.stored || packet.will)) {
    return refuse(connection, Reason.serverUnavailable, NOT_STORED);
  }
  if (!known && Math.min(requested, options.sessionExpirySeconds) > 0 && !sessions.hasRoom()) {
    return connection.fail(new LimitError('sessions', 'the hub keeps as many sessions as it may'));
  }
  const will = packet.will && toRecord(core, connection, packet.will);
  if (will && !core.backlog.admitsWill(sizeOf(will.message))) {
    return connection.fail(new LimitError('queue', 'the hub holds as many bytes of messages and wills as it may'));
  }
  const batch = store.batch();
  connection.window = Math.min(packet.properties?.receiveMaximum ?? MAX_UINT16, options.maxInflight);
  connection.sender.topicAliasMaximum = packet.properties?.topicAliasMaximum ?? 0;
  const sessionPresent = sessions.attach(connection, packet.clean || isForeign, requested, batch);
  if (will) connection.will = will;
  wills.arm(connection, batch);
  const answer: Answer = { sessionPresent, authenticationData: data };
  if (batch.empty) return accept(core, connection, packet, answer);
  // In memory it has happened already: what is kept follows as soon as there is room.
  batch.persist((error) => {
    if (connection.closed) return;
    if (error) refuse(connection, Reason.serverUnavailable, NOT_STORED);
    else accept(core, connection, packet, answer);
  });
}

function accept(core: Core, connection: Connection, packet: ConnectPacket, answer: Answer): void {
  const session = connection.session!;
  connection.register();
  if (connection.closed) return;
  const keepAlive = keepAliveOf(core, packet);
  const properties = packet.version === 5 ? toProperties(core, connection, packet, answer, keepAlive) : undefined;
  const { sessionPresent } = answer;
  connection.sender.send({ type: PacketType.connack, sessionPresent, reasonCode: Reason.success, properties });
  connection.connackSent = true;
  connection.connecting = false;
  connection.connected = true;
  connection.watch.keepAlive(keepAlive);
  const connack = { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent, properties };
  emit(core, 'connackSent', connack, connection);
  emit(core, 'clientReady', connection);
  guarded(core, 'connected', () => connection.emit('connected'), false);
  if (connection.closed) return;
  session.resume();
  session.pump();
  connection.intake.release();
}

/** Kept this long after the connection, in seconds. */
function sessionExpiry({ version, clean, properties }: ConnectPacket): number {
  if (version !== 5) return clean ? 0 : FOREVER;
  return properties?.sessionExpiryInterval ?? 0;
}

/** The client's own keep alive, or ours where it is longer than allowed [MQTT-3.1.2-21]; 3.x cannot be told. */
function keepAliveOf({ options }: Core, { version, keepAlive }: ConnectPacket): number {
  const most = options.maxKeepAliveSeconds;
  return version === 5 && most > 0 && (keepAlive === 0 || keepAlive > most) ? most : keepAlive;
}

/** Only what differs from what the client asked for or the specification assumes (§3.2.2.3). */
function toProperties(
  { options }: Core,
  connection: Connection,
  packet: ConnectPacket,
  { authenticationData }: Answer,
  keepAlive: number,
): ConnackProperties {
  const properties: ConnackProperties = {
    receiveMaximum: options.receiveMaximum,
    maximumPacketSize: options.maxPacketBytes,
    topicAliasMaximum: options.topicAliasMaximum,
  };
  const granted = connection.session!.expirySeconds;
  if (granted !== sessionExpiry(packet)) properties.sessionExpiryInterval = granted;
  if (packet.clientId === '') properties.assignedClientIdentifier = connection.id;
  if (keepAlive !== packet.keepAlive) properties.serverKeepAlive = keepAlive;
  if (packet.properties?.requestResponseInformation) {
    properties.responseInformation = options.responsePrefix + encodeClientId(connection.id);
  }
  if (connection.authenticationMethod !== undefined) {
    properties.authenticationMethod = connection.authenticationMethod;
    if (authenticationData) properties.authenticationData = authenticationData;
  }
  return properties;
}

function toRecord({ source }: Core, { id, user }: Connection, will: Will) {
  const { willDelayInterval = 0, ...properties } = will.properties ?? {};
  const message = new Message(source, { ...will, properties: will.properties ? properties : undefined }, id, 0);
  // Its expiry counts from when it is published (§3.1.3.2.4).
  message.expiresAt = 0;
  message.detach();
  return { id, owner: user ?? '', message, delaySeconds: willDelayInterval, dueAt: 0 };
}

function refuse(connection: Connection, reasonCode: number, message: string): void {
  connection.fail(new ProtocolError(reasonCode, '§3.1.4', message));
}

/** An embedder's `preConnect` turned it away: closed without an answer, as Aedes does. */
function drop(connection: Connection, error: Error): void {
  connection.turnAway(error);
}
