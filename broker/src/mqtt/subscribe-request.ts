import { isFilter } from '@parley/shared';
import type { Subscription } from '../routing/subscription.ts';
import { asAedes, fromHook, type HookSubscription, toHook } from './aedes-packets.ts';
import type { Connection } from './connection.ts';
import type { Cause } from './counters.ts';
import { isCustom, refuse, type Core } from './core.ts';
import { emit, guarded, hookFailed } from './guard.ts';
import { isHeard, noteTopic } from './notes.ts';
import type { SubscriptionRequest } from './packets.ts';
import { Reason, SUBACK_FAILURE } from './reason.ts';
import { Replay } from './replay.ts';
import type { Session } from './session.ts';

/** One filter as granted, or the code with which it was refused. */
type Verdict = Subscription | number;

/** Filters on their way to be granted: each is asked about, all are kept in one commit, then they are answered. */
export class SubscribeRequest {
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #requests: readonly SubscriptionRequest[];
  readonly #identifier: number;
  readonly #verdicts: Verdict[] = [];

  constructor(core: Core, connection: Connection, requests: readonly SubscriptionRequest[], identifier: number) {
    this.#core = core;
    this.#connection = connection;
    this.#requests = requests;
    this.#identifier = identifier;
  }

  /** Runs it; `answer` gets one code per filter, in their order [MQTT-3.8.4-6], before retained messages are sent. */
  run(answer: (reasonCodes: readonly number[]) => void): void {
    let open = this.#requests.length;
    if (open === 0) return answer([]);
    for (const [i, request] of this.#requests.entries()) {
      this.#judge(request, (verdict) => {
        if (this.#verdicts[i] !== undefined) return;
        this.#verdicts[i] = verdict;
        if (--open === 0) this.#grant(answer);
      });
    }
  }

  #judge(asked: SubscriptionRequest, answer: (verdict: Verdict) => void): void {
    const { aedes, hooks, options } = this.#core;
    const connection = this.#connection;
    const request = connection.bridge ? { ...asked, noLocal: true, retainAsPublished: true } : asked;
    // What an embedder subscribes a client to has passed no decoder.
    if (!isFilter(request.filter, options.maxTopicLevels)) {
      return answer(this.#refuse(request.filter, Reason.topicFilterInvalid, 'topicLevels'));
    }
    const { maySubscribe } = hooks;
    // A hook that fails allows nothing.
    if (maySubscribe && !guarded(this.#core, 'maySubscribe', () => maySubscribe(connection, request.filter), false)) {
      return answer(this.#refuse(request.filter, Reason.notAuthorized, 'authorization'));
    }
    if (!isCustom(aedes, 'authorizeSubscribe')) return answer({ ...request, identifier: this.#identifier });
    const answered = (error: unknown, granted?: unknown): void => {
      const subscription = error ? undefined : fromHook(granted, this.#identifier);
      answer(subscription ?? this.#refuse(request.filter, Reason.notAuthorized, 'authorization'));
    };
    try {
      aedes.authorizeSubscribe(connection.asClient(), asAedes(toHook(request)), answered);
    } catch (error) {
      hookFailed(this.#core, 'authorizeSubscribe', error);
      answered(error);
    }
  }

  #refuse(filter: string, reasonCode: number, cause: Cause): number {
    refuse(this.#core, cause, { client: this.#connection.id, filter });
    return this.#connection.version === 5 ? reasonCode : SUBACK_FAILURE;
  }

  /** Filters granted in this very packet count as well. */
  #limited(verdict: Verdict, session: Session): Verdict {
    if (typeof verdict === 'number' || this.#core.sessions.maySubscribe(session, verdict.filter)) return verdict;
    return this.#refuse(verdict.filter, Reason.quotaExceeded, 'subscriptions');
  }

  #grant(answer: (reasonCodes: readonly number[]) => void): void {
    const { sessions, store, log } = this.#core;
    const session = this.#connection.session!;
    if (this.#connection.closed || session.ended) return answer([]);
    const batch = store.batch();
    const fresh: Subscription[] = [];
    const undo: (() => void)[] = [];
    for (const [i, judged] of this.#verdicts.entries()) {
      const verdict = this.#limited(judged, session);
      this.#verdicts[i] = verdict;
      if (typeof verdict === 'number') continue;
      undo.push(this.#restorer(verdict.filter));
      const isNew = sessions.subscribe(session, verdict, session.stored ? batch : undefined);
      if (Replay.wanted(verdict, isNew)) fresh.push(verdict);
    }
    const done = (error: Error | null): void => {
      if (error) log('store-failed', { client: session.id, error: error.message });
      // What is refused must not be there.
      if (error && !session.ended) for (const step of undo) step();
      answer(this.#verdicts.map((verdict) => toCode(verdict, error)));
      if (error || this.#connection.closed) return;
      this.#announce();
      this.#replay(fresh);
    };
    // Even an empty one waits for what is staged: a retained message routed before this subscription and committed after
    // its replay began would reach it by neither.
    batch.commit((error) => done(batch.empty ? null : error));
  }

  /** Brings back what a filter had, which may be nothing. */
  #restorer(filter: string): () => void {
    const { sessions } = this.#core;
    const session = this.#connection.session!;
    const before = session.subscriptions.get(filter);
    return () => {
      if (before) sessions.subscribe(session, before, undefined);
      else sessions.unsubscribe(session, filter, undefined);
    };
  }

  /** Retained messages follow the SUBACK, as the socket drains (§3.8.4). */
  #replay(subscriptions: readonly Subscription[]): void {
    const session = this.#connection.session!;
    for (const subscription of subscriptions) {
      session.cancelReplay(subscription.filter);
      session.addReplay(new Replay(this.#core, subscription));
    }
    if (subscriptions.length > 0) session.pump();
  }

  /** Aedes' `subscribe` event, with the refused ones at QoS 128, and its message below $SYS. */
  #announce(): void {
    const { aedes, publications } = this.#core;
    const subs: HookSubscription[] = this.#verdicts.map((verdict, i) =>
      typeof verdict === 'number' ? { ...toHook(this.#requests[i]!), qos: 128 } : toHook(verdict),
    );
    emit(this.#core, 'subscribe', subs, this.#connection);
    const topic = noteTopic(aedes, 'new/subscribes');
    if (!isHeard(this.#core, topic)) return;
    const payload = JSON.stringify({ clientId: this.#connection.id, subs });
    publications.fromHub({ topic, payload }, null, () => {});
  }
}

function toCode(verdict: Verdict, error: Error | null): number {
  if (typeof verdict === 'number') return verdict;
  return error ? Reason.unspecifiedError : verdict.qos;
}
