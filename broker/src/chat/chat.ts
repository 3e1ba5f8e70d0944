import { ParleyError, parseDraft, topics } from '@parley/shared';
import { nameOf } from '../auth/identity.ts';
import type { Members, Policy } from '../auth/policy.ts';
import { Rights } from '../auth/rights.ts';
import type { Actor } from '../auth/rights.ts';
import type { Log } from '../log.ts';
import type { Publish } from '../mqtt/admission.ts';
import type { Broker } from '../mqtt/broker.ts';
import type { Message } from '../mqtt/message.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import type { TableStage } from '../store/table.ts';
import { Channels } from './channels.ts';
import { Directs } from './directs.ts';
import { Indexer } from './indexer.ts';
import { KeptDocuments } from './kept-documents.ts';
import { renewLives } from './lives.ts';
import type { Appended, ChatLog } from './log.ts';
import { Logs } from './logs.ts';
import { People } from './people.ts';
import { Change, Posts, toParleyError } from './post.ts';
import type { Post, PublishChange } from './post.ts';
import { PresenceBook } from './presence.ts';
import { ReadPositions } from './read-positions.ts';
import { Requests } from './requests.ts';
import { retain } from './retention.ts';

export interface ChatContext {
  readonly store: Store;
  readonly log: Log;
  /** What roles allow, with accounts. */
  readonly policy?: ((members: Members) => Policy | undefined) | undefined;
}

type ChatOptions = Pick<HubOptions, 'historyMessages' | 'historyDays' | 'maxChannels' | 'presenceGraceSeconds'>;

/** A message is read by everybody and kept for long; what is larger is a file. */
export const LONGEST_DRAFT = 256 * 1024;

/** What a draft became, and the log it is in. */
interface Drafted extends Appended {
  readonly log: ChatLog;
}

/** People talking: channels, direct messages, who is here and how far they have read. */
export class Chat {
  readonly store: Store;
  readonly rights: Rights;
  readonly channels: Channels;
  readonly directs: Directs;
  readonly people: People;
  readonly requests = new Requests();
  readonly logs: Logs;
  readonly indexer: Indexer;
  readonly #positions: ReadPositions;
  readonly #posts = new Posts();
  readonly #log: Log;
  #presence: PresenceBook | undefined;
  #broker: Broker | undefined;

  /** Opens what the store has; nothing is published before {@link start}. */
  static async open(context: ChatContext, options: ChatOptions, scope: Scope): Promise<Chat> {
    const isRestored = await renewLives(context.store);
    if (isRestored) context.log.warn({ event: 'chat.restored' }, 'the store was restored: every log has a new life');
    return new Chat(context, options, scope);
  }

  constructor({ store, log, policy }: ChatContext, options: ChatOptions, scope: Scope) {
    this.store = store;
    this.#log = log;
    this.logs = new Logs({ store }, options);
    this.indexer = new Indexer({ store, logs: this.logs, log });
    this.channels = new Channels(
      {
        tables: store,
        logs: this.logs,
        rights: () => this.rights,
        publish: this.#publish,
        belongings: (channel, own) => this.#positions.topicsIn(channel, own),
        maxChannels: options.maxChannels,
      },
      scope,
    );
    this.rights = new Rights(this.channels, policy?.(this.channels));
    this.directs = new Directs({ tables: store, logs: this.logs });
    const { channels, directs, rights } = this;
    this.#positions = new ReadPositions({ tables: store, channels, directs, rights });
    this.people = new People({ store, presence: () => this.presence });
    scope.defer(store.onFailed(() => this.#reload()));
  }

  get presence(): PresenceBook {
    return this.#presence!;
  }

  /** Sends a draft for somebody without a connection. */
  readonly post: Post = (...draft) =>
    this.#posts.poster((publish, actor) => this.#broker!.publish(publish, actor))(...draft);

  /** Begins to publish and to listen; the hub's ports open after this. */
  async start(broker: Broker, options: ChatOptions, scope: Scope): Promise<void> {
    const { store, logs, indexer } = this;
    this.#broker = broker;
    const documents = new KeptDocuments(
      (topic, payload) => this.#publish({ topic, payload, qos: 1, retain: true }),
      (error, topic) => this.#log.error({ event: 'publish.failed', err: error, topic }),
    );
    scope.defer(() => documents.stop());
    const context = { aedes: broker.aedes, retained: store, publishRetained: documents.publish };
    this.#presence = new PresenceBook(context, options, scope);
    scope.on(broker.aedes, 'publish', ({ topic }: { topic: string }) => this.#published(topic));
    this.requests.start({ publish: broker.publish, log: this.#log });
    retain({ store, logs, indexer, log: this.#log }, options, scope);
    scope.defer(() => indexer.stop());
    for (const log of logs) indexer.note(log);
    const end = (): void => {
      this.requests.stop();
      for (const log of logs) log.end();
    };
    scope.signal.addEventListener('abort', end, { once: true });
    await this.channels.announceAll((topic) => store.retained(topic)?.payload);
  }

  /** Stages what a draft becomes. @throws ParleyError why it is refused */
  append({ topic, payload, properties }: Message, actor: Actor | null, stage: TableStage): Drafted {
    const draft = parseDraft(payload, properties?.contentType);
    if (JSON.stringify(draft).length > LONGEST_DRAFT) {
      throw new ParleyError('too-large', `a draft is over ${LONGEST_DRAFT} characters of JSON; send it as a file`);
    }
    const sending = { from: nameOf(actor), stage, moderates: this.rights.may(actor, 'moderate', topic) };
    const channel = topic.startsWith('chat/') ? topic.slice('chat/'.length) : undefined;
    if (channel !== undefined && !this.channels.has(channel) && !this.rights.may(actor, 'create', topic)) {
      throw new ParleyError('not-authorized', `${nameOf(actor)} may not make channels`);
    }
    const appended =
      channel === undefined
        ? this.directs.append(topic, draft, sending)
        : this.channels.append(channel, draft, sending);
    const drafted = { ...appended, log: this.logs.get(topic)! };
    this.#posts.appended(appended, drafted.log, actor);
    return drafted;
  }

  /** A read position as it is kept, null when it is none to keep, undefined for another topic below `users/`. */
  admitPosition(publish: Message, actor: Actor | null, stage: TableStage): Publish | null | undefined {
    return this.#positions.admit(publish, actor, stage);
  }

  /** @throws ParleyError `not-found` for a log that is missing or hidden */
  logOf(topic: string, who: Actor): ChatLog {
    const channel = topics.chat.parse(topic)?.channel;
    if (channel !== undefined) return this.channels.log(channel, who);
    this.checkNotHidden(topic, who);
    return this.directs.log(topic);
  }

  /** @throws ParleyError `not-found` for a conversation that is hidden from somebody; one may be missing */
  checkNotHidden(topic: string, who: Actor): void {
    if (!this.rights.may(who, 'read', topic)) throw new ParleyError('not-found', `there is no ${topic}`);
  }

  /** Logs that somebody may read: of one channel, or of everything they see. */
  logsFor(who: Actor, channel?: string): ChatLog[] {
    if (channel !== undefined) return [this.channels.log(channel, who)];
    const seen = this.channels.list(who).map(({ name }) => this.channels.log(name, who));
    const direct = [...this.directs.topicsOf(nameOf(who))].map((topic) => this.directs.log(topic));
    return [...seen, ...direct];
  }

  /** With whom somebody has direct messages, and how far those go. */
  directsOf(who: Actor): { user: string; log: string; lastSeq: number }[] {
    const me = nameOf(who);
    return [...this.directs.topicsOf(me)].map((topic) => {
      const { a, b } = topics.dm.parse(topic)!;
      const { log, committedSeq } = this.directs.log(topic);
      return { user: a === me ? b : a, log, lastSeq: committedSeq };
    });
  }

  readonly #publish: PublishChange = async (publish, stage) => {
    const change = stage && new Change(stage);
    await this.#broker!.publish(publish, change ?? null).catch(toParleyError);
  };

  /** Called after the commit, in its order. */
  #published(topic: string): void {
    if (topic.startsWith('chat/')) this.channels.appended(topic.slice('chat/'.length));
    else if (topic.startsWith('dm/')) this.logs.get(topic)?.wake();
    else return;
    const log = this.logs.get(topic);
    if (log) this.indexer.note(log);
  }

  #reload(): void {
    this.logs.reload();
    this.channels.load();
    this.#positions.reload();
  }
}
