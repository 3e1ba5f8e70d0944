import type { AedesPublishPacket, Client } from 'aedes';
import { steadyNow } from '../clock.ts';
import type { Route } from '../routing/router.ts';
import type { Key } from '../store/keys.ts';
import type { Batch } from '../store/store.ts';
import type { Value } from '../store/table.ts';
import { type Core, isCustom } from './core.ts';
import { Delivery } from './delivery.ts';
import { emit, guarded } from './guard.ts';
import { type Publisher, type Refusal, type Stage, toRefusal } from './hooks.ts';
import type { Lane, Work } from './lane.ts';
import { Message } from './message.ts';
import { Reason } from './reason.ts';
import type { Session } from './session.ts';

/** How a publish ended. */
export interface Outcome {
  readonly refusal: Refusal | undefined;
  /** The store could not keep it: nothing may be acknowledged. */
  readonly failed: boolean;
  /** Whether anybody's subscription matched, or the hub itself took it (for reason code 0x10). */
  readonly matched: boolean;
}

export type Settled = (outcome: Outcome) => void;

/** One publish on its way: authorised → staged → committed → acknowledged and routed. */
export class Publication implements Work, Stage {
  readonly message: Message;
  readonly client: Publisher | null;
  readonly lane: Lane;
  authorized = false;
  settled = false;
  refusal: Refusal | undefined;
  /** Client id whose stored will this is. */
  willOf: string | undefined;
  readonly #core: Core;
  /** Of the sender's PUBLISH. */
  readonly #packetId: number;
  readonly #done: Settled;
  #batch: Batch | undefined;
  /** What is routed: undefined for a repeated chat entry, or when refused. */
  #admitted: Message | undefined;
  /** The hub was meant, and nobody else: a request, or an entry it has already. */
  #taken = false;
  #route: Route<Session> | undefined;
  #delivery: Delivery | undefined;
  #failed = false;

  constructor(core: Core, message: Message, client: Publisher | null, lane: Lane, packetId: number, done: Settled) {
    this.#core = core;
    this.message = message;
    this.client = client;
    this.lane = lane;
    this.#packetId = packetId;
    this.#done = done;
  }

  put(table: string, key: Key, value: Value): void {
    this.batch.put(table, key, value);
  }

  remove(table: string, key: Key): void {
    this.batch.remove(table, key);
  }

  get batch(): Batch {
    return (this.#batch ??= this.#core.store.batch());
  }

  stage(): void {
    if (!this.refusal) this.#admit();
    if (this.#admitted?.retain) this.#stageRetained(this.#admitted);
    if (this.#admitted) this.#stageMessage(this.#admitted);
    if (this.willOf !== undefined) this.batch.deleteWill(this.willOf);
    if (!this.refusal) this.#stageReceived();
    const batch = this.#batch;
    if (!batch || batch.empty) this.settled = true;
    else batch.commit((error) => this.#committed(error));
  }

  finish(): void {
    const route = this.#route;
    const matched = this.#taken || (route !== undefined && (route.targets.length > 0 || route.groups.length > 0));
    this.#done({ refusal: this.refusal, failed: this.#failed, matched });
    const message = this.#admitted;
    if (!message || !route || this.#failed) return;
    this.#delivery?.run();
    this.#announce(message);
  }

  #admit(): void {
    const { hooks, source } = this.#core;
    if (!hooks.admit) {
      this.#admitted = this.message;
      return;
    }
    try {
      const packet = hooks.admit(this.message, this.client, this);
      this.#taken = packet === null;
      if (packet === null) return;
      this.#admitted =
        packet instanceof Message ? packet : new Message(source, packet, this.message.clientId, steadyNow());
    } catch (error) {
      this.refusal = toRefusal(error, Reason.unspecifiedError);
      this.#batch = undefined;
    }
  }

  /** What the hub itself publishes is few and small, and its own rules need it: the limits are for others. */
  #stageRetained(message: Message): void {
    const { retained, hooks } = this.#core;
    const isHub = !this.client || hooks.isHub?.(this.client) === true;
    if (!isHub && !retained.admits(message)) {
      this.refusal = RETAINED_FULL;
      this.#admitted = undefined;
      this.#batch = undefined;
      return;
    }
    message.detach();
    this.batch.retain(message);
    retained.staged(message);
  }

  #stageMessage(message: Message): void {
    const { router } = this.#core;
    const route = router.match(message.topic);
    this.#route = route;
    if (route.targets.length === 0 && route.groups.length === 0) return;
    this.#delivery = new Delivery(this.#core, message, route);
    this.#delivery.reserve(this);
  }

  /** The id of a QoS 2 message is kept with all it causes: a repeat after a crash is known as one [MQTT-4.3.3-10]. */
  #stageReceived(): void {
    const { client } = this;
    if (this.message.qos !== 2 || this.#packetId === 0 || !client || !('session' in client)) return;
    const { session } = client;
    if (session?.durable) this.batch.receive(session.id, this.#packetId);
  }

  #committed(error: Error | null): void {
    this.settled = true;
    if (error) {
      this.#failed = true;
      this.refusal = NOT_STORED;
      this.#delivery?.cancel();
      if (this.#admitted?.retain) this.#core.retained.reread(this.#admitted.topic);
      this.#core.log('store-failed', { topic: this.message.topic, error: error.message });
    }
    this.lane.advance();
  }

  /** Listeners of the embedder, after the wire: `aedes.subscribe`, `published` and the `publish` event. */
  #announce(message: Message): void {
    const core = this.#core;
    const { aedes } = core;
    const packet = message as unknown as AedesPublishPacket;
    const client = this.client as unknown as Client;
    guarded(core, 'taps', () => core.taps.emit(message), undefined);
    guarded(core, 'mq', () => core.listeners.emit(message), undefined);
    if (isCustom(aedes, 'published'))
      guarded(core, 'published', () => aedes.published(packet, client, ignore), undefined);
    emit(core, 'publish', packet, client);
  }
}

/** §2.4: 0x97 is for a limit that was passed; a disk that is full is one, and a client may try again later. */
const NOT_STORED: Refusal = {
  reasonCode: Reason.quotaExceeded,
  message: 'the message could not be stored',
  code: 'not-stored',
};

/** PRODUCT.md §2: `maxRetainedMessages`, `maxRetainedBytes`. */
const RETAINED_FULL: Refusal = {
  reasonCode: Reason.quotaExceeded,
  message: 'the hub retains as many messages, or as many bytes of them, as it may',
  code: 'quota-exceeded',
};

function ignore(): void {
  // `published` reports to nobody: the publish is done.
}
