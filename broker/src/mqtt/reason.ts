/** Reason codes of MQTT 5 (v5 §2.4). Codes with two meanings have the name that fits a server. */
export const Reason = {
  success: 0x00,
  grantedQoS0: 0x00,
  grantedQoS1: 0x01,
  grantedQoS2: 0x02,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  continueAuthentication: 0x18,
  reauthenticate: 0x19,
  unspecifiedError: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecificError: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  banned: 0x8a,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  messageRateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
  retainNotSupported: 0x9a,
  qosNotSupported: 0x9b,
  useAnotherServer: 0x9c,
  serverMoved: 0x9d,
  sharedSubscriptionsNotSupported: 0x9e,
  connectionRateExceeded: 0x9f,
  maximumConnectTime: 0xa0,
  subscriptionIdentifiersNotSupported: 0xa1,
  wildcardSubscriptionsNotSupported: 0xa2,
} as const;

/** What each packet of a server may say of a failure (v5 §2.4, table 2-6); hooks may think of any code. */
const permitted = {
  // [MQTT-3.2.2-8]
  connack: new Set([
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c,
    0x9d, 0x9f,
  ]),
  // PUBACK and PUBREC: [MQTT-3.4.2-1], [MQTT-3.5.2-1]
  acknowledgement: new Set([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
  // [MQTT-3.14.2-1]
  disconnect: new Set([
    0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a,
    0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
  ]),
} as const;

/** The same failure as a packet may carry it: itself, or for an authentication 0x87, else 0x80. */
export function toPermitted(reasonCode: number, packet: keyof typeof permitted): number {
  if (permitted[packet].has(reasonCode)) return reasonCode;
  const identity = reasonCode === Reason.badUserNameOrPassword || reasonCode === Reason.badAuthenticationMethod;
  return identity ? Reason.notAuthorized : Reason.unspecifiedError;
}

/** CONNACK return codes of MQTT 3.1 and 3.1.1 (v3.1.1 §3.2.2.3). */
export const ReturnCode = {
  accepted: 0,
  unacceptableProtocolVersion: 1,
  identifierRejected: 2,
  serverUnavailable: 3,
  badUserNameOrPassword: 4,
  notAuthorized: 5,
} as const;

/** A refused filter in a SUBACK of 3.1.1 (v3.1.1 §3.9.3); 3.1 has no such code, its clients get the same. */
export const SUBACK_FAILURE = 0x80;

const names = new Map<number, string>();
for (const [name, code] of Object.entries(Reason)) {
  if (!names.has(code))
    names.set(
      code,
      name.replace('QoS', 'Qos').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    );
}

/** Words for a reason code, as the log and the `Reason String` use them: `packet too large`. */
export function describeReason(code: number): string {
  return names.get(code) ?? `reason 0x${code.toString(16).padStart(2, '0')}`;
}

/** The 3.x CONNACK return code nearest to a reason code of 5 (v3.1.1 §3.2.2.3). */
export function toReturnCode(reasonCode: number): number {
  switch (reasonCode) {
    case Reason.success:
      return ReturnCode.accepted;
    case Reason.unsupportedProtocolVersion:
      return ReturnCode.unacceptableProtocolVersion;
    case Reason.clientIdentifierNotValid:
      return ReturnCode.identifierRejected;
    case Reason.badUserNameOrPassword:
      return ReturnCode.badUserNameOrPassword;
    case Reason.notAuthorized:
    case Reason.banned:
    case Reason.badAuthenticationMethod:
      return ReturnCode.notAuthorized;
    default:
      return ReturnCode.serverUnavailable;
  }
}
