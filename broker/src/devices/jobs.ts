import { normaliseCommand, ParleyError, topics } from '@parley/shared';
import type { Reply } from '@parley/shared';
import { ulid } from 'ulid';
import type { DetachedClient, Publisher, Stage } from '../mqtt/hooks.ts';
import type { Publishable } from '../mqtt/message.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { afterReply, expired, isOpen } from './job.ts';
import type { Job } from './job.ts';
import { JOBS, JOBS_ENDED, JOBS_OPEN } from './tables.ts';

export interface JobsContext {
  readonly store: Store;
  /** Publishes with the rights of the actor; rejects with a ParleyError. */
  readonly publish: (publish: Publishable, actor: Publisher) => Promise<void>;
}

export interface CommandRequest {
  readonly device: string;
  readonly command: string;
  /** As it would be published; see `normaliseCommand`. */
  readonly payload: Uint8Array;
  readonly expirySeconds: number;
}

interface Open {
  job: Job;
  timer: NodeJS.Timeout;
}

/** Jobs open at once; each has a timer. */
const MAX_OPEN = 10_000;

/** Commands sent over HTTP, followed until their device replied or their time is up. They survive a restart. */
export class Jobs {
  readonly #context: JobsContext;
  /** By id. */
  readonly #open = new Map<string, Open>();
  /** By the actor of one publish: the job that its commit brings. */
  readonly #starting = new WeakMap<Publisher, Job>();

  constructor(context: JobsContext, scope: Scope) {
    this.#context = context;
    this.#load();
    // What was staged and failed did not happen: the rows say what did.
    scope.defer(context.store.onFailed(() => this.#load()));
    scope.defer(() => this.#clear());
  }

  get open(): number {
    return this.#open.size;
  }

  /**
   * Publishes a command. An id that was given before by the same sender for the same command gives its job again.
   * @throws ParleyError `name-invalid`, `payload-invalid`, `id-taken`, `too-many-requests`, or why it was refused
   */
  async start({ device, command, payload, expirySeconds }: CommandRequest, actor: DetachedClient): Promise<Job> {
    const topic = topics.command.build({ device, command });
    const { id, args } = normaliseCommand(payload, ulid);
    const by = actor.user ?? 'guest';
    const known = this.get(id) ?? this.#open.get(id)?.job;
    if (known) return sameJob(known, { device, command, by });
    if (this.#open.size >= MAX_OPEN) throw new ParleyError('too-many-requests', `${MAX_OPEN} jobs are open`);
    const now = Date.now();
    const times = { createdAt: now, updatedAt: now, expiresAt: now + expirySeconds * 1000, expirySeconds };
    const job: Job = { id, device, command, state: 'queued', progress: 0, by, ...times };
    this.#starting.set(actor, job);
    // Before it is published: its reply may come as soon as it is.
    this.#follow(job);
    const properties = { messageExpiryInterval: expirySeconds, contentType: topics.command.codec.contentType };
    try {
      await this.#context.publish(
        { topic, payload: topics.command.codec.encode({ id, args }), qos: 1, properties },
        actor,
      );
    } catch (refusal) {
      this.#unfollow(id);
      throw refusal;
    }
    return job;
  }

  /** What is durable of a job. */
  get(id: string): Job | undefined {
    return this.#context.store.get(JOBS, [id]) as Job | undefined;
  }

  /** Stages the job that a publish of this actor starts, if it does. */
  stageStart(actor: Publisher | null, stage: Stage): void {
    const job = actor && this.#starting.get(actor);
    if (job) stageJob(job, stage);
  }

  /** Stages what a reply does to its job, if it has one. */
  stageReply(device: string, id: string, payload: Uint8Array, stage: Stage): void {
    const open = this.#open.get(id);
    if (open?.job.device !== device) return;
    const reply = readReply(payload);
    if (!reply) return;
    const job = afterReply(open.job, reply, Date.now());
    stageJob(job, stage);
    if (isOpen(job)) this.#follow(job);
    else this.#unfollow(id);
  }

  #load(): void {
    this.#clear();
    for (const { key } of this.#context.store.range(JOBS_OPEN)) {
      const job = this.get(String(key[0]));
      if (job) this.#follow(job);
    }
  }

  #follow(job: Job): void {
    clearTimeout(this.#open.get(job.id)?.timer);
    const timer = setTimeout(() => this.#expire(job.id), Math.max(0, job.expiresAt - Date.now()));
    this.#open.set(job.id, { job, timer });
  }

  #unfollow(id: string): void {
    clearTimeout(this.#open.get(id)?.timer);
    this.#open.delete(id);
  }

  #expire(id: string): void {
    const open = this.#open.get(id)!;
    this.#unfollow(id);
    const batch = this.#context.store.batch();
    stageJob(expired(open.job, Date.now()), batch);
    // A failure has been told to `onFailed`, which follows the job again.
    batch.commit(() => undefined);
  }

  #clear(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }
}

function sameJob(known: Job, { device, command, by }: Pick<Job, 'device' | 'command' | 'by'>): Job {
  if (known.device === device && known.command === command && known.by === by) return known;
  throw new ParleyError('id-taken', `command id ${known.id} is already used`);
}

function stageJob(job: Job, stage: Stage): void {
  stage.put(JOBS, [job.id], { ...job });
  if (isOpen(job)) return stage.put(JOBS_OPEN, [job.id], null);
  stage.remove(JOBS_OPEN, [job.id]);
  stage.put(JOBS_ENDED, [job.updatedAt, job.id], null);
}

/** Undefined for what is no reply: it is routed all the same. */
export function readReply(payload: Uint8Array): Reply | undefined {
  try {
    return topics.reply.codec.decode(payload);
  } catch {
    return undefined;
  }
}
