import type { Json } from '../codecs/json.ts';
import { commandCodec, replyCodec } from '../devices/device.ts';
import type { Reply } from '../devices/device.ts';
import { topics } from '../topics/topics.ts';
import type { Connection, ConnectionEvents } from './connection.ts';
import { decoded } from './decoded.ts';
import { nextOf } from './emitter.ts';
import { ClientError, Refused } from './errors.ts';
import type { Failure } from './errors.ts';
import { Alarm } from './platform.ts';
import type { Clock } from './platform.ts';

export interface CommandOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for all of it: reaching the hub, the device, its answer. Progress starts them anew. @default 30_000 */
  readonly timeoutMs?: number;
  /** From 0 to 1, as often as the device tells. */
  readonly onProgress?: (progress: number) => void;
}

export interface CommandContext {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly makeId: () => string;
  readonly signal: AbortSignal;
}

/**
 * Sends one command and waits for its answer. It is sent once: a device cannot be expected to know a repeated one.
 * @returns the `result` of the reply
 * @throws ClientError `command-failed` with the device's words, `timeout`, `link-down`, `closed`; Refused by the hub;
 *   the signal's reason
 */
export async function sendCommand(
  context: CommandContext,
  { device, command, args }: { device: string; command: string; args: Json },
  { signal, timeoutMs = 30_000, onProgress }: CommandOptions = {},
): Promise<Json | undefined> {
  const topic = topics.command.build({ device, command });
  const id = context.makeId();
  const payload = commandCodec.encode({ id, args });
  const call = new Call(context, timeoutMs, onProgress);
  const releases = [call.stopOn(context.signal, new ClientError('closed')), call.stopOn(signal)];
  try {
    // Heard before it is asked for, or the answer of a quick device is missed.
    await Promise.race([call.listen(topics.reply.build({ device, id })), call.answer]);
    const expirySeconds = Math.ceil(timeoutMs / 1000);
    const sent = context.connection.publish(topic, payload, {
      qos: 1,
      contentType: commandCodec.contentType,
      expirySeconds,
    });
    await Promise.race([sent, call.answer]);
    return await call.answer;
  } finally {
    call.close();
    for (const release of releases) release();
  }
}

/** One command on its way. */
class Call {
  readonly answer: Promise<Json | undefined>;
  readonly #context: CommandContext;
  readonly #timeoutMs: number;
  readonly #onProgress: ((progress: number) => void) | undefined;
  readonly #late: Alarm;
  readonly #aborter = new AbortController();
  readonly #releases: (() => void)[] = [];
  #resolve!: (result: Json | undefined) => void;
  #reject!: (error: unknown) => void;

  constructor(context: CommandContext, timeoutMs: number, onProgress: ((progress: number) => void) | undefined) {
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    this.#onProgress = onProgress;
    this.#late = new Alarm(context.clock);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may be over before anyone waits for it.
    this.answer.catch(() => undefined);
    this.#wait();
  }

  stopOn(signal: AbortSignal | undefined, reason?: Error): () => void {
    const stop = (): void => this.#reject(reason ?? signal!.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    return () => signal?.removeEventListener('abort', stop);
  }

  /** Resolves when an answer would be heard. */
  async listen(replyTopic: string): Promise<void> {
    const { connection } = this.#context;
    while (!connection.isOnline) await nextOf<ConnectionEvents, 'state'>(connection, 'state', this.#aborter.signal);
    await new Promise<void>((granted) => {
      const message = ({ payload }: { payload: Uint8Array }): void => this.#heard(decoded(replyCodec, payload));
      const refused = (failure: Failure): void => this.#reject(new Refused(failure));
      this.#releases.push(connection.listen(replyTopic, { qos: 1, message, granted, refused }));
    });
  }

  close(): void {
    this.#late.clear();
    this.#aborter.abort();
    for (const release of this.#releases.splice(0)) release();
  }

  #heard(reply: Reply | undefined): void {
    if (!reply) return;
    if ('progress' in reply) {
      this.#wait();
      this.#onProgress?.(reply.progress);
    } else if (reply.ok) this.#resolve(reply.result);
    else this.#reject(new ClientError('command-failed', reply.error));
  }

  #wait(): void {
    this.#late.set(this.#timeoutMs, () => this.#reject(new ClientError('timeout')));
  }
}
