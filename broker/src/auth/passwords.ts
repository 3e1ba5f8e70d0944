import { createHmac, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { ParleyError } from '@parley/shared';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane; some 15 ms. It is also the library's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes computed at once, off the event loop; each takes a core and 19 MiB. */
const AT_ONCE = 2;
/** Checks that may wait for their turn; who comes then is told to come again. */
const WAITING = 512;

/** Passwords that were right lately are not hashed again: HTTP sends them with every request. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 10 * 60_000;

const SHORTEST = 8;
const LONGEST_BYTES = 1024;

/** Checks passwords in constant time, whether or not there is such an account, and never too many at once. */
export class Passwords {
  /** Of this process alone: what is remembered here is of no use elsewhere. */
  readonly #secret = randomBytes(32);
  readonly #remembered = new Map<string, number>(); // when it is forgotten, by keyed hash of a password and its account
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #decoy: Promise<string> | undefined;

  /** @throws ParleyError `request-invalid` for one that is too short or too long */
  async hash(name: string, password: string): Promise<string> {
    checkPassword(name, password);
    return this.#inTurn(() => hash(password, cost));
  }

  /**
   * @param hashed PHC string of the account; undefined when there is none: it takes the same time, and is never right
   * @throws ParleyError `too-many-requests` when more wait than can be checked soon
   */
  async check(name: string, password: string, hashed: string | undefined): Promise<boolean> {
    if (Buffer.byteLength(password) > LONGEST_BYTES) return false;
    this.#decoy ??= hash(randomBytes(16).toString('hex'), cost);
    const against = hashed ?? (await this.#decoy);
    const isRight = await this.#inTurn(() => verify(against, password));
    if (hashed === undefined || !isRight) return false;
    this.#remember(this.keyOf(name, password, hashed));
    return true;
  }

  /** Whether it was right lately: then it need not be hashed again. */
  isRemembered(name: string, password: string, hashed: string | undefined): boolean {
    if (hashed === undefined || password.length > LONGEST_BYTES) return false;
    const key = this.keyOf(name, password, hashed);
    const until = this.#remembered.get(key);
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    this.#remembered.delete(key);
    return false;
  }

  /** What tells one check from another without keeping the password. A new hash makes another key. */
  keyOf(name: string, password: string, more: string): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([name, more, password]))
      .digest('base64');
  }

  #remember(key: string): void {
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(key, Date.now() + REMEMBERED_MS);
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= WAITING) throw new ParleyError('too-many-requests', 'too many are signing in');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function checkPassword(name: string, password: string): void {
  if (password.length < SHORTEST) {
    throw new ParleyError('request-invalid', `a password has at least ${SHORTEST} characters`);
  }
  if (Buffer.byteLength(password) > LONGEST_BYTES) {
    throw new ParleyError('request-invalid', `a password has at most ${LONGEST_BYTES} bytes`);
  }
  if (password.toLowerCase() === name) throw new ParleyError('request-invalid', 'a password is not the name');
}
