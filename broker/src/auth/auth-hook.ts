import * as z from 'zod/mini';
import { ParleyError } from '@parley/shared';
import type { Log } from '../log.ts';
import type { Foreigner } from './foreigners.ts';

const TIMEOUT_MS = 5000;
/** Questions open at once; more are told to come again. */
const AT_ONCE = 100;
const LONGEST_ANSWER = 64 * 1024;

const answerSchema = z.object({
  user: z.optional(z.string()),
  roles: z.optional(z.array(z.string()).check(z.maxLength(20))),
});

/**
 * Asks a web service who somebody is: `POST {"user","password","address"}`. 200 lets them in, with `{"user"?,"roles"?}`
 * as its body if it likes, 401 and 403 do not; anything else is a failure, which lets nobody in.
 */
export class AuthHook {
  readonly #url: string;
  readonly #log: Log;
  #open = 0;

  constructor(url: string, log: Log) {
    this.#url = url;
    this.#log = log;
  }

  /** @throws ParleyError `too-many-requests` */
  async check(user: string, password: string, address: string): Promise<Foreigner | undefined> {
    if (this.#open >= AT_ONCE) throw new ParleyError('too-many-requests', 'too many are signing in');
    this.#open++;
    try {
      return await this.#ask({ user, password, address });
    } catch (error) {
      this.#log.warn({ event: 'auth-hook.failed', url: this.#url }, (error as Error).message);
      return undefined;
    } finally {
      this.#open--;
    }
  }

  async #ask(question: { user: string; password: string; address: string }): Promise<Foreigner | undefined> {
    const answer = await fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readShort(answer);
    if (answer.status === 401 || answer.status === 403) return undefined;
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const { user = question.user, roles = [] } = answerSchema.parse(text.trim() === '' ? {} : JSON.parse(text));
    return { name: user, roles };
  }
}

async function readShort({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_ANSWER) throw new Error('its answer is too long');
  }
  return text;
}
