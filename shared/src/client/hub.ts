import { refusalCodec } from '../chat/entry.ts';
import { checkName } from '../topics/names.ts';
import { ownErrors } from '../topics/topics.ts';
import { Api } from './api.ts';
import { ChannelsView } from './channels.ts';
import { Connection } from './connection.ts';
import type { ConnectionState } from './connection.ts';
import type { Conversation } from './conversation.ts';
import { Conversations } from './conversations.ts';
import { credentialsOf } from './credentials.ts';
import { decoded } from './decoded.ts';
import { DeviceView } from './device.ts';
import { DevicesView } from './devices.ts';
import { Emitter, nextOf } from './emitter.ts';
import { endpointsOf } from './endpoints.ts';
import { ClientError, Refused } from './errors.ts';
import type { Failure } from './errors.ts';
import { hubDefaults } from './hub-options.ts';
import type { HubOptions, Platform } from './hub-options.ts';
import type { Message, PublishOptions, QoS } from './link.ts';
import { channelPlace, dmPlace } from './place.ts';
import { PeopleView } from './presence.ts';
import { AsyncQueue, queueUntil } from './queue.ts';
import { ReadPositions } from './read-positions.ts';
import { Scope } from './scope.ts';
import { trackedStorage } from './storage.ts';
import type { Listener } from './subscriptions.ts';
import { ulidMaker } from './ulid.ts';

export interface HubEvents {
  connection: ConnectionState;
  /** The hub refused a publish of ours at QoS 0. At QoS 1 and 2 the call that published hears of it by itself. */
  refusal: { readonly topic: string; readonly failure: Failure };
  /** Something failed in the background that nothing is lost by, such as writing a cache. */
  problem: { readonly what: string; readonly error: unknown };
}

export interface SubscribeOptions {
  /** @default 1 */
  readonly qos?: QoS;
  readonly signal?: AbortSignal;
  /** Messages that wait for a slow reader; past it the oldest is dropped and counted. @default 1000 */
  readonly bound?: number;
}

/** One user at one hub. Made by `connectHub` of `@parley/shared/client/node` or `…/browser`. */
export class Hub extends Emitter<HubEvents> {
  readonly user: string;
  readonly clientId: string;
  readonly #platform: Platform;
  readonly #signal: AbortSignal | undefined;
  readonly #scope = new Scope();
  readonly #connection: Connection;
  readonly #api: Api;
  readonly #makeId: () => string;
  readonly #reads: ReadPositions;
  readonly #conversations: Conversations;
  readonly #devices = new Map<string, DeviceView>(); // by name
  #people: PeopleView | undefined;
  #channels: ChannelsView | undefined;
  #deviceList: DevicesView | undefined;

  /** @throws ParleyError `name-invalid`, TypeError for a URL that is none */
  constructor(platform: Platform, options: HubOptions) {
    super();
    const { mqttUrl, httpUrl } = endpointsOf(options.url, options.httpUrl);
    const { clock, random } = platform;
    const settings = { ...hubDefaults, ...options };
    this.user = checkName(options.user.toLowerCase(), 'user');
    this.#platform = platform;
    this.#signal = options.signal;
    this.#makeId = ulidMaker(clock, random);
    this.clientId = options.clientId ?? `${this.user}-${this.#makeId().slice(-10).toLowerCase()}`;
    const { password, authorization } = credentialsOf(this.user, options.token);
    this.#connection = new Connection(platform, {
      ...options,
      ...options.reconnect,
      url: mqttUrl,
      clientId: this.clientId,
      username: this.user,
      password,
    });
    this.#api = new Api(platform, { httpUrl, authorization, requestTimeoutMs: settings.requestTimeoutMs });
    const storage = trackedStorage(platform.storage);
    // Last of all: what was closed before may have had something to write.
    this.#scope.defer(() => storage.idle());
    const context = {
      ...platform,
      storage,
      connection: this.#connection,
      api: this.#api,
      makeId: this.#makeId,
      signal: this.#scope.signal,
      problem: (what: string, error: unknown): void => this.emit('problem', { what, error }),
    };
    this.#reads = new ReadPositions(context, this.user);
    const { sendWindow: window, ...rest } = settings;
    this.#conversations = new Conversations({ ...context, reads: this.#reads }, { ...rest, window, user: this.user });
  }

  /** Loads what is stored and starts to connect; does not wait for the connection. */
  async open(): Promise<this> {
    this.#signal?.throwIfAborted();
    this.#scope.defer(this.#connection.on('state', (state) => this.emit('connection', state)));
    this.#scope.defer(() => this.#connection.close());
    const message = ({ payload }: Message): void => this.#refused(payload);
    this.#scope.defer(this.#connection.listen(ownErrors, { qos: 0, message }));
    await this.#reads.open();
    this.#scope.defer(() => this.#reads.close());
    await this.#conversations.open();
    this.#scope.defer(() => this.#conversations.close());
    this.#closeOn(this.#signal);
    this.#connection.open();
    return this;
  }

  /** Where the connection stands; the event `connection` tells when it changes. */
  get connection(): ConnectionState {
    return this.#connection.state;
  }

  /** Resolves when connected. @throws ClientError `connection-refused`, `closed`; the signal's reason */
  async whenOnline({ signal = this.#scope.signal }: { signal?: AbortSignal } = {}): Promise<void> {
    for (let now = this.connection; now.state !== 'online'; now = await nextOf(this.#connection, 'state', signal)) {
      if (now.state === 'closed') throw new ClientError('closed');
      if (now.state === 'refused') throw new ClientError('connection-refused', now.failure.message);
    }
  }

  /** A good moment to look for the hub: the network is back, or the page is seen again. Browsers call it by themselves. */
  wake(): void {
    this.#connection.wake();
  }

  /** Tries again at once, also after the hub refused the credentials. */
  reconnect(): void {
    this.#connection.open();
  }

  /** The channel, followed from now on until its `close()`. @throws ParleyError `name-invalid` */
  channel(name: string): Conversation {
    return this.#conversations.get(channelPlace(this.user, name));
  }

  /** Direct messages with a user. @throws ParleyError `name-invalid` */
  dm(user: string): Conversation {
    return this.#conversations.get(dmPlace(this.user, user));
  }

  /** The channels there are. */
  get channels(): ChannelsView {
    this.#channels ??= this.#own(new ChannelsView(this.#connection));
    return this.#channels;
  }

  /** Who is here. */
  get people(): PeopleView {
    const context = { connection: this.#connection, api: this.#api, signal: this.#scope.signal };
    this.#people ??= this.#own(new PeopleView(context));
    return this.#people;
  }

  /** How far the user has read, by channel name and `dm/<user>`. */
  get reads(): Pick<ReadPositions, 'get' | 'on' | 'mark'> {
    return this.#reads;
  }

  /** Drafts that wait to be sent, over all conversations. */
  get waiting(): number {
    return this.#conversations.waiting;
  }

  /** The devices there are. */
  get devices(): DevicesView {
    this.#deviceList ??= this.#own(new DevicesView(this.#connection));
    return this.#deviceList;
  }

  /** One device, followed from now on until its `close()`. @throws ParleyError `name-invalid` */
  device(name: string): DeviceView {
    const known = this.#devices.get(checkName(name, 'device'));
    if (known) return known;
    const { clock } = this.#platform;
    const context = {
      connection: this.#connection,
      clock,
      makeId: this.#makeId,
      signal: this.#scope.signal,
    };
    const view = this.#own(new DeviceView(name, context, () => this.#devices.delete(name)));
    this.#devices.set(name, view);
    return view;
  }

  /**
   * Publishes to any topic, waiting for a connection; text is UTF-8. Nothing is kept for a later run.
   * @throws ClientError `link-down` when the connection ended before the acknowledgement: it may have been received;
   *   `closed`; Refused by the hub; the signal's reason
   */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    { signal, ...options }: PublishOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    await this.whenOnline(signal && { signal });
    await this.#connection.publish(topic, bytes, options);
  }

  /**
   * Messages of a filter, live and retained, over reconnects; between them live ones may be missed. Ends with the
   * signal, `return()` and the hub; throws Refused when the hub refuses the filter.
   */
  subscribe(filter: string, { qos = 1, signal, bound = 1000 }: SubscribeOptions = {}): AsyncQueue<Message> {
    const queue = queueUntil<Message>(bound, [signal, this.#scope.signal]);
    const message = (one: Message): void => queue.push(one);
    const refused = (failure: Failure): void => queue.end({ error: new Refused(failure) });
    queue.whenEnded(this.#connection.listen(filter, { qos, message, refused }));
    return queue;
  }

  /**
   * As `subscribe()`, with a call for each message and nothing in between, for what comes fast.
   * @returns stops listening
   */
  listen(filter: string, listener: Pick<Listener, 'qos' | 'message' | 'refused'>): () => void {
    return this.#connection.listen(filter, listener);
  }

  /** Says goodbye to the hub and keeps what waits to be sent in storage. Idempotent. */
  close(): Promise<void> {
    return this.#scope.close(new ClientError('closed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #own<View extends { close(): void }>(view: View): View {
    this.#scope.defer(() => view.close());
    return view;
  }

  #refused(payload: Uint8Array): void {
    const refusal = decoded(refusalCodec, payload);
    if (!refusal) return;
    const { topic, code, message } = refusal;
    const failure = { code, message };
    this.emit('refusal', { topic, failure });
  }

  #closeOn(signal: AbortSignal | undefined): void {
    const close = (): void =>
      void this.close().catch((error: unknown) => this.emit('problem', { what: 'close', error }));
    signal?.addEventListener('abort', close, { once: true });
    this.#scope.defer(() => signal?.removeEventListener('abort', close));
  }
}
