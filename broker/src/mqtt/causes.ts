import type { Cause } from './counters.ts';
import { LimitError, type ProtocolError } from './protocol-error.ts';
import { Reason } from './reason.ts';

const causes = new Map<number, Cause>([
  [Reason.packetTooLarge, 'packetTooLarge'],
  [Reason.topicAliasInvalid, 'topicAlias'],
  [Reason.receiveMaximumExceeded, 'inflight'],
  [Reason.unsupportedProtocolVersion, 'unsupportedVersion'],
  [Reason.clientIdentifierNotValid, 'clientIdentifier'],
  [Reason.badUserNameOrPassword, 'authentication'],
  [Reason.badAuthenticationMethod, 'authentication'],
  [Reason.notAuthorized, 'authentication'],
]);

/** Under what a connection that ended with this error is counted. */
export function causeOf(error: ProtocolError): Cause {
  return error instanceof LimitError ? error.limit : (causes.get(error.reasonCode) ?? 'protocol');
}
