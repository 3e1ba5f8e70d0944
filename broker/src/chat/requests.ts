import { setMaxListeners } from 'node:events';
import { encodeClientId, isJsonObject, coded, ParleyError, topics } from '@parley/shared';
import type { Json } from '@parley/shared';
import type { Actor } from '../auth/rights.ts';
import type { Log } from '../log.ts';
import type { Broker } from '../mqtt/broker.ts';
import type { Publisher } from '../mqtt/hooks.ts';
import type { Message } from '../mqtt/message.ts';
import type { MessageProperties } from '../mqtt/packets.ts';

/** The body of the GET that a request stands for, with the rights of who asks. @throws ParleyError */
export type Read = (values: Record<string, Json>, who: Actor, signal: AbortSignal) => unknown;

export interface RequestsContext {
  readonly publish: Broker['publish'];
  readonly log: Log;
}

/** Requests of one client that may be open at once: a long poll takes up to a minute. */
const MAX_OPEN = 16;

/** Where an answer goes, and under whose name. */
interface Address {
  readonly topic: string;
  readonly properties?: MessageProperties;
  /** With a Response Topic the requester's rights hold; its own reply topic is the hub's to publish. */
  readonly actor: Publisher | null;
}

/** `hub/requests/<what>`: what HTTP answers to GET, for clients that have only MQTT (PRODUCT.md §3). */
export class Requests {
  readonly #reads = new Map<string, Read>(); // by what is asked for
  readonly #open = new WeakMap<Actor, number>();
  readonly #aborter = new AbortController();
  #context: RequestsContext | undefined;

  constructor() {
    // Every long poll listens to it.
    setMaxListeners(0, this.#aborter.signal);
  }

  /** Adds something that can be asked for. */
  register(what: string, read: Read): void {
    this.#reads.set(what, read);
  }

  start(context: RequestsContext): void {
    this.#context = context;
  }

  stop(): void {
    this.#aborter.abort();
  }

  /**
   * Takes a request; its answer follows.
   * @throws ParleyError `payload-invalid` for what cannot be answered, `not-found`, `too-many-requests`
   */
  take(message: Message, actor: Publisher | null): void {
    const { what } = topics.request.parse(message.topic) ?? {};
    const read = what === undefined ? undefined : this.#reads.get(what);
    if (!read) throw new ParleyError('not-found', `there is nothing to ask for at ${message.topic}`);
    const { id, ...values } = requestOf(message);
    const address = addressOf(message, id, actor);
    const who = actor ?? HUB;
    const open = this.#open.get(who) ?? 0;
    if (open >= MAX_OPEN) throw new ParleyError('too-many-requests', `${MAX_OPEN} requests are open already`);
    this.#open.set(who, open + 1);
    void this.#answer(read, values, who, address).finally(() => this.#open.set(who, this.#open.get(who)! - 1));
  }

  async #answer(read: Read, values: Record<string, Json>, who: Actor, address: Address): Promise<void> {
    const { log, publish } = this.#context!;
    const body = await this.#read(read, values, who);
    const { topic, properties, actor } = address;
    const payload = Buffer.from(JSON.stringify(body));
    const contentType = topics.hubReply.codec.contentType;
    await publish({ topic, payload, qos: 1, properties: { ...properties, contentType } }, actor).catch((error: Error) =>
      log.warn({ event: 'request.unanswered', client: who.id, topic }, error.message),
    );
  }

  async #read(read: Read, values: Record<string, Json>, who: Actor): Promise<unknown> {
    try {
      return await read(values, who, this.#aborter.signal);
    } catch (error) {
      const { code, message } = coded(error);
      if (code === 'internal') this.#context!.log.error({ event: 'request.failed', err: error }, message);
      return { error: { code, message: code === 'internal' ? 'the hub failed; its log says why' : message } };
    }
  }
}

const HUB: Actor = { id: '', user: 'hub' };

function requestOf({ payload }: Message): Record<string, Json> & { id?: string } {
  const request = payload.length === 0 ? {} : topics.request.codec.decode(payload);
  if (isJsonObject(request)) return request;
  throw new ParleyError('payload-invalid', 'a request is a JSON object');
}

function addressOf({ properties }: Message, id: string | undefined, actor: Publisher | null): Address {
  const { responseTopic, correlationData } = properties ?? {};
  if (responseTopic !== undefined) {
    return { topic: responseTopic, actor, ...(correlationData && { properties: { correlationData } }) };
  }
  if (id === undefined || !actor?.id) {
    throw new ParleyError('payload-invalid', 'a request needs a Response Topic, or an id and a client to answer to');
  }
  return { topic: replyTopic(actor.id, id), actor: null };
}

function replyTopic(client: string, id: string): string {
  try {
    return topics.hubReply.build({ client: encodeClientId(client), id });
  } catch (cause) {
    throw new ParleyError('payload-invalid', (cause as Error).message, { cause });
  }
}
