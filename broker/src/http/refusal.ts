import { errorKinds, ParleyError } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import type { Broker } from '../mqtt/broker.ts';
import type { Publisher } from '../mqtt/hooks.ts';
import type { Publishable } from '../mqtt/message.ts';
import { Reason } from '../mqtt/reason.ts';

/** Publishes for an HTTP caller, by the same path as the wire; rejects with a ParleyError. */
export type PublishAs = (publish: Publishable, actor: Publisher | null) => Promise<void>;

export function publishAs({ publish }: Pick<Broker, 'publish'>): PublishAs {
  return (message, actor) =>
    publish(message, actor).catch((failure: Failure) => {
      throw new ParleyError(codeOf(failure), failure.message, { cause: failure });
    });
}

type Failure = Error & { code?: unknown; reasonCode?: number };

/** The engine carries the code of a refusal through; what it refuses by itself has a reason code of MQTT 5. */
function codeOf({ code, reasonCode }: Failure): ErrorCode {
  if (typeof code === 'string' && Object.hasOwn(errorKinds, code)) return code as ErrorCode;
  if (reasonCode === Reason.topicNameInvalid) return 'topic-invalid';
  if (reasonCode === Reason.packetTooLarge) return 'too-large';
  return reasonCode === Reason.notAuthorized ? 'not-authorized' : 'internal';
}
