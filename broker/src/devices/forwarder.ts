import { encodeClientId } from '@parley/shared';
import type { Engine } from '../mqtt/engine.ts';
import type { DetachedClient, Publisher, Stage } from '../mqtt/hooks.ts';
import type { Message, Publishable } from '../mqtt/message.ts';
import type { MessageProperties } from '../mqtt/packets.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { readReply } from './jobs.ts';
import { REQUESTERS } from './tables.ts';

export interface ForwarderContext {
  readonly engine: Pick<Engine, 'tap'>;
  readonly store: Store;
  /** Publishes with the rights of the actor, null being the hub. */
  readonly publish: (publish: Publishable, actor: Publisher | null) => Promise<void>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** Who asked, kept until the last reply. */
interface Requester {
  readonly topic: string;
  readonly correlationData?: Uint8Array | undefined;
  readonly client: string;
  readonly user?: string | undefined;
  readonly expiresAt: number;
}

/** How long a reply is waited for when the command has no expiry of its own, in seconds. */
const WAIT_SECONDS = 86_400;

/**
 * Brings a device's reply to the Response Topic of the MQTT 5 client that sent the command, with its Correlation Data
 * (v5 §4.10) and no more than its rights.
 */
export class Forwarder {
  readonly #context: ForwarderContext;
  /** Keys of requesters who got their last reply, until the store has forgotten them. */
  readonly #answered = new Set<string>();

  constructor(context: ForwarderContext, scope: Scope) {
    this.#context = context;
    scope.defer(context.engine.tap('devices/+/replies/+', (message) => this.#forward(message)));
  }

  /** Stages who wants the reply of a command. */
  stage(
    device: string,
    id: string,
    properties: MessageProperties | undefined,
    actor: Publisher | null,
    stage: Stage,
  ): void {
    const topic = properties?.responseTopic;
    // A reply that answers to a reply could go in circles.
    if (topic === undefined || !actor || /^devices\/[^/]+\/replies\//.test(topic)) return;
    const { correlationData, messageExpiryInterval = WAIT_SECONDS } = properties!;
    const expiresAt = Date.now() + Math.max(messageExpiryInterval, 60) * 1000;
    stage.put(REQUESTERS, [device, id], { topic, correlationData, client: actor.id, user: actor.user, expiresAt });
  }

  #forward({ topic, payload, qos, properties }: Message): void {
    const [, device, , id] = topic.split('/') as [string, string, string, string];
    const { store, publish, log } = this.#context;
    const requester = store.get(REQUESTERS, [device, id]) as Requester | undefined;
    if (!requester || this.#answered.has(`${device}/${id}`)) return;
    const reply = readReply(payload);
    if (!reply || !('progress' in reply)) this.#forget(device, id);
    if (requester.expiresAt <= Date.now()) return;
    const answer: MessageProperties = {};
    if (properties?.contentType !== undefined) answer.contentType = properties.contentType;
    if (requester.correlationData) answer.correlationData = Buffer.from(requester.correlationData);
    publish({ topic: requester.topic, payload, qos, properties: answer }, authorOf(requester)).catch((error: Error) =>
      log('reply.refused', { client: requester.client, topic: requester.topic.slice(0, 200), error: error.message }),
    );
  }

  #forget(device: string, id: string): void {
    const key = `${device}/${id}`;
    this.#answered.add(key);
    const batch = this.#context.store.batch();
    batch.remove(REQUESTERS, [device, id]);
    batch.commit(() => this.#answered.delete(key));
  }
}

/** The hub itself may answer where only it may: on the topics it gave to that client (v5 §3.2.2.3.15). */
function authorOf({ topic, client, user }: Requester): DetachedClient | null {
  const own = client !== '' && topic.startsWith(`hub/replies/${encodeClientId(client)}/`);
  return own ? null : { id: client, user, closed: true };
}
