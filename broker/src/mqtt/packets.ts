/** 3: MQTT 3.1 (`MQIsdp`), 4: MQTT 3.1.1, 5: MQTT 5.0. */
export type ProtocolVersion = 3 | 4 | 5;
export type QoS = 0 | 1 | 2;

/** Two bits as a QoS; undefined for the reserved 3. */
export function toQoS(bits: number): QoS | undefined {
  return bits === 0 || bits === 1 || bits === 2 ? bits : undefined;
}

/** The upper four bits of the first byte (v3.1.1 §2.2.1, v5 §2.1.2); numbers, so that a switch on them is a jump. */
export const PacketType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const;

/** Pairs in the order received, which a server must keep when it forwards them [MQTT-3.3.2-18]. */
export type UserProperties = (readonly [name: string, value: string])[];

/** Every property of MQTT 5 (§2.2.2.2) but subscription identifiers; times in seconds, sizes in bytes. */
export interface Properties {
  payloadFormatIndicator?: boolean;
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  /** Of a SUBSCRIBE: at most one. */
  subscriptionIdentifier?: number;
  /** Of a PUBLISH to a client: those of all matching subscriptions. */
  subscriptionIdentifiers?: readonly number[];
  sessionExpiryInterval?: number;
  assignedClientIdentifier?: string;
  serverKeepAlive?: number;
  authenticationMethod?: string;
  authenticationData?: Buffer;
  requestProblemInformation?: boolean;
  willDelayInterval?: number;
  requestResponseInformation?: boolean;
  responseInformation?: string;
  serverReference?: string;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  /** Absent means 2. */
  maximumQoS?: 0 | 1;
  retainAvailable?: boolean;
  userProperties?: UserProperties;
  maximumPacketSize?: number;
  wildcardSubscriptionAvailable?: boolean;
  subscriptionIdentifiersAvailable?: boolean;
  sharedSubscriptionAvailable?: boolean;
}

/** What every acknowledgement of MQTT 5 may carry. */
export type AckProperties = Pick<Properties, 'reasonString' | 'userProperties'>;
export type AuthProperties = AckProperties & Pick<Properties, 'authenticationMethod' | 'authenticationData'>;
export type ConnectProperties = Pick<
  Properties,
  | 'sessionExpiryInterval'
  | 'receiveMaximum'
  | 'maximumPacketSize'
  | 'topicAliasMaximum'
  | 'requestResponseInformation'
  | 'requestProblemInformation'
  | 'userProperties'
  | 'authenticationMethod'
  | 'authenticationData'
>;
export type ConnackProperties = AuthProperties &
  Pick<
    Properties,
    | 'sessionExpiryInterval'
    | 'receiveMaximum'
    | 'maximumQoS'
    | 'retainAvailable'
    | 'maximumPacketSize'
    | 'assignedClientIdentifier'
    | 'topicAliasMaximum'
    | 'wildcardSubscriptionAvailable'
    | 'subscriptionIdentifiersAvailable'
    | 'sharedSubscriptionAvailable'
    | 'serverKeepAlive'
    | 'responseInformation'
    | 'serverReference'
  >;
/** What of a message a server forwards unaltered (§3.3.2.3), the expiry apart, which counts down. */
export type MessageProperties = Pick<
  Properties,
  | 'payloadFormatIndicator'
  | 'messageExpiryInterval'
  | 'contentType'
  | 'responseTopic'
  | 'correlationData'
  | 'userProperties'
>;
export type PublishProperties = MessageProperties & Pick<Properties, 'topicAlias' | 'subscriptionIdentifiers'>;
export type WillProperties = MessageProperties & Pick<Properties, 'willDelayInterval'>;
export type SubscribeProperties = Pick<Properties, 'subscriptionIdentifier' | 'userProperties'>;
export type UnsubscribeProperties = Pick<Properties, 'userProperties'>;
export type DisconnectProperties = AckProperties & Pick<Properties, 'sessionExpiryInterval' | 'serverReference'>;

export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  /** MQTT 5; undefined when the client sent none. */
  readonly properties: WillProperties | undefined;
}

export interface ConnectPacket {
  readonly type: typeof PacketType.connect;
  readonly version: ProtocolVersion;
  /** The level had its high bit set (0x83, 0x84): another broker, which wants retain kept and no echo. */
  readonly bridge: boolean;
  /** Clean Session of 3.x, Clean Start of 5. */
  readonly clean: boolean;
  /** Seconds; 0: no limit. */
  readonly keepAlive: number;
  /** May be empty: whether that is allowed is for the connection to say. */
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  readonly will: Will | undefined;
  readonly properties: ConnectProperties | undefined;
}

export interface ConnackPacket {
  readonly type: typeof PacketType.connack;
  readonly sessionPresent: boolean;
  /** A reason code for MQTT 5, a return code for 3.x. */
  readonly reasonCode: number;
  readonly properties: ConnackProperties | undefined;
}

/** Strings and buffers of a decoded packet live as long as the chunk they point into: copy what is kept for long. */
export interface PublishPacket {
  readonly type: typeof PacketType.publish;
  /** Empty only with a topic alias (MQTT 5). */
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  /** 0 at QoS 0. */
  readonly packetId: number;
  readonly properties: PublishProperties | undefined;
}

interface Acknowledgement<T extends number> {
  readonly type: T;
  readonly packetId: number;
  /** 0 when absent, and in 3.x. */
  readonly reasonCode: number;
  readonly properties: AckProperties | undefined;
}

export type PubackPacket = Acknowledgement<typeof PacketType.puback>;
export type PubrecPacket = Acknowledgement<typeof PacketType.pubrec>;
export type PubrelPacket = Acknowledgement<typeof PacketType.pubrel>;
export type PubcompPacket = Acknowledgement<typeof PacketType.pubcomp>;

export type RetainHandling = 0 | 1 | 2;

/** One filter with its options; the last three are false, false and 0 in 3.x. */
export interface SubscriptionRequest {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: RetainHandling;
}

export interface SubscribePacket {
  readonly type: typeof PacketType.subscribe;
  readonly packetId: number;
  /** At least one, in the order of the packet, which is the order of the answer. */
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly properties: SubscribeProperties | undefined;
}

export interface SubackPacket {
  readonly type: typeof PacketType.suback;
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly properties: AckProperties | undefined;
}

export interface UnsubscribePacket {
  readonly type: typeof PacketType.unsubscribe;
  readonly packetId: number;
  readonly filters: readonly string[];
  readonly properties: UnsubscribeProperties | undefined;
}

export interface UnsubackPacket {
  readonly type: typeof PacketType.unsuback;
  readonly packetId: number;
  /** One per filter; empty in 3.x. */
  readonly reasonCodes: readonly number[];
  readonly properties: AckProperties | undefined;
}

export interface PingreqPacket {
  readonly type: typeof PacketType.pingreq;
}

export interface PingrespPacket {
  readonly type: typeof PacketType.pingresp;
}

export interface DisconnectPacket {
  readonly type: typeof PacketType.disconnect;
  /** 0 when absent, and in 3.x. */
  readonly reasonCode: number;
  readonly properties: DisconnectProperties | undefined;
}

export interface AuthPacket {
  readonly type: typeof PacketType.auth;
  readonly reasonCode: number;
  readonly properties: AuthProperties | undefined;
}

/** What a client may send, and the decoder gives. */
export type ClientPacket =
  | ConnectPacket
  | PublishPacket
  | PubackPacket
  | PubrecPacket
  | PubrelPacket
  | PubcompPacket
  | SubscribePacket
  | UnsubscribePacket
  | PingreqPacket
  | DisconnectPacket
  | AuthPacket;

/** What a server may send beside PUBLISH, which is encoded once for many. */
export type ServerPacket =
  | ConnackPacket
  | PubackPacket
  | PubrecPacket
  | PubrelPacket
  | PubcompPacket
  | SubackPacket
  | UnsubackPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket;
