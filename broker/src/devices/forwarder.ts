import { encodeClientId, ParleyError } from '@parley/shared';
import { Change } from '../chat/post.ts';
import type { Engine } from '../mqtt/engine.ts';
import type { Publisher, Stage } from '../mqtt/hooks.ts';
import type { Publishable } from '../mqtt/message.ts';
import type { MessageProperties, QoS } from '../mqtt/packets.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { readReply } from './jobs.ts';
import { FORWARDS, REQUESTERS } from './tables.ts';

export interface ForwarderContext {
  readonly engine: Pick<Engine, 'tap'>;
  readonly store: Store;
  /** Publishes with the rights of the actor. */
  readonly publish: (publish: Publishable, actor: Publisher) => Promise<void>;
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

/** A reply as it goes to its requester. */
interface Forward {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly contentType?: string | undefined;
  readonly correlationData?: Uint8Array | undefined;
  readonly client: string;
  readonly user?: string | undefined;
}

/** With its row, if it has one. */
interface Pending {
  readonly number: number | undefined;
  readonly forward: Forward;
}

/** After the store could not keep one. */
const RETRY_MS = 1000;

/** How long a reply is waited for when the command has no expiry of its own, in seconds. */
const WAIT_SECONDS = 86_400;

/**
 * Brings a device's reply to the Response Topic of the MQTT 5 client that sent the command, with its Correlation Data
 * (v5 §4.10) and no more than its rights. That it is to be brought is kept in the reply's commit, and taken out in the
 * commit that brings it: what the device was promised survives the end of the hub in between.
 */
export class Forwarder {
  readonly #context: ForwarderContext;
  /** Keys of requesters whose last reply is on its way into the store. */
  readonly #answered = new Set<string>();
  /** By the reply that is routed. */
  readonly #pending = new WeakMap<object, Pending>();
  /** By the actor of one publish: the row that goes with it. */
  readonly #bringing = new WeakMap<Publisher, number>();
  readonly #signal: AbortSignal;
  #last = 0;

  constructor(context: ForwarderContext, scope: Scope) {
    this.#context = context;
    this.#signal = scope.signal;
    scope.defer(
      context.engine.tap('devices/+/replies/+', (message) => {
        this.#answered.delete(message.topic);
        const pending = this.#pending.get(message);
        if (pending) void this.#bring(pending);
      }),
    );
    // What was staged and failed did not happen.
    scope.defer(context.store.onFailed(() => this.#answered.clear()));
  }

  /** Brings what the last run of the hub could not bring any more. */
  start(): void {
    for (const { key, value } of this.#context.store.range(FORWARDS)) {
      this.#last = key[0] as number;
      void this.#bring({ number: this.#last, forward: value as unknown as Forward });
    }
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

  /** Stages that a reply is to be brought to who asked. */
  stageReply(device: string, id: string, message: Publishable, stage: Stage): void {
    const requester = this.#context.store.get(REQUESTERS, [device, id]) as Requester | undefined;
    if (!requester || this.#answered.has(message.topic)) return;
    const payload = message.payload as Buffer;
    const reply = readReply(payload);
    if (!reply || !('progress' in reply)) {
      this.#answered.add(message.topic);
      stage.remove(REQUESTERS, [device, id]);
    }
    if (requester.expiresAt <= Date.now()) return;
    const { topic, correlationData, client, user } = requester;
    const contentType = message.properties?.contentType;
    const qos = message.qos ?? 0;
    const forward: Forward = { topic, payload, qos, contentType, correlationData, client, user };
    const number = qos === 0 ? undefined : ++this.#last;
    if (number !== undefined) stage.put(FORWARDS, [number], { ...forward });
    this.#pending.set(message, { number, forward });
  }

  /** Stages that a reply was brought, if this is its publish. */
  stageBrought(actor: Publisher | null, stage: Stage): void {
    const number = actor && this.#bringing.get(actor);
    if (typeof number === 'number') stage.remove(FORWARDS, [number]);
  }

  async #bring({ number, forward }: Pending): Promise<void> {
    const { topic, payload, qos, contentType, correlationData } = forward;
    const properties: MessageProperties = {};
    if (contentType !== undefined) properties.contentType = contentType;
    if (correlationData) properties.correlationData = Buffer.from(correlationData);
    const author = authorOf(forward, (stage) => number !== undefined && stage.remove(FORWARDS, [number]));
    if (number !== undefined) this.#bringing.set(author, number);
    try {
      await this.#context.publish({ topic, payload: Buffer.from(payload), qos, properties }, author);
    } catch (error) {
      this.#refused({ number, forward }, error as Error);
    }
  }

  /** What finds no room is tried again; what may not be published is given up. */
  #refused(pending: Pending, error: Error): void {
    const { store, log } = this.#context;
    const { number, forward } = pending;
    if (number !== undefined && error instanceof ParleyError && error.code === 'not-stored') {
      setTimeout(() => !this.#signal.aborted && void this.#bring(pending), RETRY_MS).unref();
      return;
    }
    log('reply.refused', { client: forward.client, topic: forward.topic.slice(0, 200), error: error.message });
    if (number === undefined) return;
    const batch = store.batch();
    batch.remove(FORWARDS, [number]);
    batch.persist(() => undefined);
  }
}

/** The hub itself may answer where only it may: on the topics it gave to that client (v5 §3.2.2.3.15). */
function authorOf({ topic, client, user }: Forward, brought: (stage: Stage) => void): Publisher {
  const own = client !== '' && topic.startsWith(`hub/replies/${encodeClientId(client)}/`);
  return own ? new Change(brought) : { id: client, user, closed: true };
}
