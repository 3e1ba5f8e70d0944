import { steadyNow } from '../clock.ts';
import { Readiness } from '../routing/subscription.ts';
import type { Batch } from '../store/store.ts';
import type { Core } from './core.ts';
import { Outgoing } from './outgoing.ts';
import type { Session } from './session.ts';

/**
 * Empties a session that ended. What came by a share group goes to another member, but not a QoS 2 message whose delivery
 * had begun [MQTT-4.8.2-5]: it might arrive twice. Stages the move and returns what delivers it after the commit.
 */
export function handOver(core: Core, session: Session, batch: Batch): () => void {
  const moved: { readonly to: Session; readonly out: Outgoing }[] = [];
  for (const out of [...session.inflight.values(), ...session.queue, ...(session.reserved ?? [])]) {
    session.forget(out);
    if (out.share === undefined || out.released || (out.qos === 2 && out.packetId > 0)) continue;
    const move = reassign(core, out, batch);
    if (move) moved.push(move);
  }
  session.inflight.clear();
  session.queue.clear();
  session.reserved?.clear();
  for (const { to, out } of moved) (to.reserved ??= new Set()).add(out);
  return () => {
    // A member that ended meanwhile has handed on what was on its way to it.
    for (const { to, out } of moved) if (to.reserved?.delete(out)) to.enqueue(out);
  };
}

/** Gives another member of its share group a message that nobody has. */
export function handOn(core: Core, out: Outgoing): void {
  const batch = core.store.batch();
  const move = reassign(core, out, batch);
  if (!move) return;
  if (batch.empty) return move.to.enqueue(move.out);
  (move.to.reserved ??= new Set()).add(move.out);
  batch.persist((error) => {
    if (!error && move.to.reserved?.delete(move.out)) move.to.enqueue(move.out);
  });
}

function reassign(core: Core, { message, retain, share, qos }: Outgoing, batch: Batch) {
  const group = core.router.group(share!);
  const member = group?.pick(message.qos, (to) => to.readiness(1) !== Readiness.Never && to.mayRead(message));
  if (!member) return undefined;
  const { subscriber: to, subscription } = member;
  const granted = Math.min(qos, subscription.qos);
  const now = steadyNow();
  if (granted === 0) {
    to.deliver0(message, retain, undefined, now);
    return undefined;
  }
  const identifiers = subscription.identifier > 0 ? [subscription.identifier] : undefined;
  const out = new Outgoing(message, granted as 1 | 2, retain, identifiers, share, to.durable ? to.nextSeq++ : 0);
  if (!to.accept(out)) return undefined;
  if (to.durable) batch.enqueue(to.id, out);
  return { to, out };
}
