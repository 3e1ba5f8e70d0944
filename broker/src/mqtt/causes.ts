import type { Cause } from './counters.ts';
import { Reason } from './reason.ts';

const causes = new Map<number, Cause>([
  [Reason.packetTooLarge, 'packetTooLarge'],
  [Reason.topicAliasInvalid, 'topicAlias'],
  [Reason.receiveMaximumExceeded, 'inflight'],
  [Reason.unsupportedProtocolVersion, 'unsupportedVersion'],
  [Reason.clientIdentifierNotValid, 'clientIdentifier'],
  [Reason.quotaExceeded, 'connections'],
  [Reason.badUserNameOrPassword, 'authentication'],
  [Reason.badAuthenticationMethod, 'authentication'],
  [Reason.notAuthorized, 'authentication'],
]);

/** Under what a connection that ended with this reason code is counted. */
export function causeOf(reasonCode: number): Cause {
  return causes.get(reasonCode) ?? 'protocol';
}
