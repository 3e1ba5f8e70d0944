import { steadyNow } from '../clock.ts';
import type { Route, Target } from '../routing/router.ts';
import type { ShareGroup } from '../routing/share.ts';
import type { Batch } from '../store/store.ts';
import type { Core } from './core.ts';
import { count } from './counters.ts';
import type { Message } from './message.ts';
import { handOn } from './hand-over.ts';
import { Outgoing } from './outgoing.ts';
import type { QoS } from './packets.ts';
import type { Session } from './session.ts';

interface Staging {
  readonly batch: Batch;
}

/** The member of a share group that was picked, and what it gets. */
interface Pick {
  readonly session: Session;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
  /** The whole shared filter. */
  readonly share: string;
  /** Its staged entry; null when its queue was full, undefined when nothing had to be staged. */
  readonly reserved: Outgoing | null | undefined;
}

/** One message to everyone its route names: queue entries are staged before the commit, the wire follows after it. */
export class Delivery {
  readonly #core: Core;
  readonly #message: Message;
  readonly #route: Route<Session>;
  /** Staged entries, null for a session whose queue was full or who may not read. */
  #reserved: Map<Session, Outgoing | null> | undefined;
  #picks: Pick[] | undefined;

  constructor(core: Core, message: Message, route: Route<Session>) {
    this.#core = core;
    this.#message = message;
    this.#route = route;
  }

  /** Stages entries for the sessions that outlive their connections, and picks one member of each share group. */
  reserve(staging: Staging): void {
    if (this.#message.qos > 0) for (const target of this.#route.targets) this.#reserveTarget(staging, target);
    for (const group of this.#route.groups) this.#pick(staging, group);
  }

  /** Hands the message to every session, connected or not. */
  run(): void {
    const now = steadyNow();
    const message = this.#message;
    const { targets } = this.#route;
    for (let i = 0; i < targets.length; i++) {
      const target = this.#wanted(targets[i]!);
      if (!target) continue;
      const retain = target.retainAsPublished && message.retain;
      const qos = Math.min(message.qos, target.qos) as QoS;
      const session = target.subscriber;
      if (qos === 0) session.deliver0(message, retain, target.identifiers, now);
      else this.#deliver(session, this.#reserved?.get(session), qos, retain, target.identifiers, undefined);
    }
    for (const pick of this.#picks ?? []) {
      if (pick.qos === 0) pick.session.deliver0(message, pick.retain, pick.identifiers, now);
      else this.#deliverPick(pick, pick.qos);
    }
  }

  /** A member whose session ended during the commit has handed on what was in the store; the rest is handed on here. */
  #deliverPick({ session, retain, identifiers, share, reserved }: Pick, qos: 1 | 2): void {
    if (reserved) session.reserved?.delete(reserved);
    if (!session.ended) return this.#deliver(session, reserved, qos, retain, identifiers, share);
    if (reserved === undefined) handOn(this.#core, new Outgoing(this.#message, qos, retain, identifiers, share, 0));
  }

  /** The commit failed: nothing was kept, and nobody gets it. */
  cancel(): void {
    for (const [session, out] of this.#reserved ?? []) if (out) session.forget(out);
    for (const { session, reserved } of this.#picks ?? []) {
      if (reserved && session.reserved?.delete(reserved)) session.forget(reserved);
    }
  }

  /** A target without what No Local takes from a publisher's own message [MQTT-3.8.3-3]. */
  #wanted(target: Target<Session>): Target<Session> | null {
    return target.own !== target && target.subscriber.id === this.#message.clientId ? target.own : target;
  }

  #reserveTarget(staging: Staging, target: Target<Session>): void {
    if (!target.subscriber.durable) return;
    const wanted = this.#wanted(target);
    if (!wanted || wanted.qos === 0) return;
    const { subscriber: session, identifiers } = wanted;
    const qos = Math.min(this.#message.qos, wanted.qos) as 1 | 2;
    const retain = wanted.retainAsPublished && this.#message.retain;
    this.#reserved ??= new Map();
    // What waits is sent by the rights of later: nothing is kept for a reader who has none when it is published.
    if (!session.mayRead(this.#message)) this.#reserved.set(session, this.#withhold());
    else this.#reserved.set(session, this.#stage(staging, session, qos, retain, identifiers, undefined));
  }

  #withhold(): null {
    count(this.#core.counters.dropped, 'authorization');
    return null;
  }

  #pick(staging: Staging, group: ShareGroup<Session>): void {
    const message = this.#message;
    const member = group.pick(message.qos, (session) => session.mayRead(message));
    if (!member) return;
    const { subscriber: session, subscription } = member;
    const qos = Math.min(message.qos, subscription.qos) as QoS;
    const retain = subscription.retainAsPublished && message.retain;
    const identifiers = subscription.identifier > 0 ? [subscription.identifier] : undefined;
    const share = subscription.filter;
    const reserved =
      qos > 0 && session.durable ? this.#stage(staging, session, qos as 1 | 2, retain, identifiers, share) : undefined;
    if (reserved) (session.reserved ??= new Set()).add(reserved);
    (this.#picks ??= []).push({ session, qos, retain, identifiers, share, reserved });
  }

  #stage(
    { batch }: Staging,
    session: Session,
    qos: 1 | 2,
    retain: boolean,
    identifiers: readonly number[] | undefined,
    share: string | undefined,
  ): Outgoing | null {
    const out = new Outgoing(this.#message, qos, retain, identifiers, share, session.nextSeq);
    if (!session.accept(out)) return null;
    session.nextSeq++;
    this.#message.detach();
    batch.enqueue(session.id, out);
    return out;
  }

  #deliver(
    session: Session,
    reserved: Outgoing | null | undefined,
    qos: 1 | 2,
    retain: boolean,
    identifiers: readonly number[] | undefined,
    share: string | undefined,
  ): void {
    if (session.ended) {
      // It ended while the commit was on its way, and what it had queued by then was forgotten without this one.
      if (reserved) session.forget(reserved);
      return;
    }
    if (reserved === null) return;
    if (reserved) return session.enqueue(reserved);
    const out = new Outgoing(this.#message, qos, retain, identifiers, share, 0);
    if (session.accept(out)) session.enqueue(out);
  }
}
