import type { Taken } from '../device/device.ts';
import { fingerprint } from './fingerprint.ts';
import { Histogram } from './histogram.ts';

interface Sent {
  readonly hash: number;
  readonly index: number;
  /** Of performance.now(). */
  readonly at: number;
  isBack: boolean;
}

/** What is known of one topic: readings sent, oldest first. */
interface Account {
  readonly sent: Sent[];
  next: number;
  /** Place of the latest reading that came back. */
  latest: number;
}

/** Readings of one device that are remembered; one that is not back after so many more is lost. */
const window = 2048;
/** Of those that came back, so many stay at the front to know them when they come again. */
const backKept = 128;

export interface LedgerCounts {
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly disordered: number;
  /** Came back, but was never sent, or too long ago. */
  readonly unknown: number;
}

/**
 * What was sent, against what came back. A reading is known by its bytes, which stay as they are. Of two readings of a
 * device that are alike to the byte, the older is the one that came back; as it may have been a copy of the other, it
 * says nothing of the order.
 */
export class Ledger {
  readonly latency = new Histogram();
  readonly #accounts = new Map<string, Account>();
  #sent = 0;
  #delivered = 0;
  #forgotten = 0;
  #duplicated = 0;
  #disordered = 0;
  #unknown = 0;

  counts(): LedgerCounts {
    return {
      sent: this.#sent,
      delivered: this.#delivered,
      lost: this.#sent - this.#delivered,
      duplicated: this.#duplicated,
      disordered: this.#disordered,
      unknown: this.#unknown,
    };
  }

  /** Readings that may still come. */
  get missing(): number {
    return this.#sent - this.#delivered - this.#forgotten;
  }

  /** Before it goes to the connection: its way back may be short. */
  sending({ topic, payload }: Taken): void {
    let account = this.#accounts.get(topic);
    if (!account) this.#accounts.set(topic, (account = { sent: [], next: 0, latest: -1 }));
    account.sent.push({ hash: fingerprint(payload), index: account.next++, at: performance.now(), isBack: false });
    this.#sent++;
    if (account.sent.length > window && !account.sent.shift()!.isBack) this.#forgotten++;
  }

  /** False for a topic that is no device's of this run. */
  came(topic: string, payload: Uint8Array): boolean {
    const account = this.#accounts.get(topic);
    if (!account) return false;
    const hash = fingerprint(payload);
    const match = account.sent.find((one) => !one.isBack && one.hash === hash);
    if (match) this.#back(account, match);
    else if (account.sent.some((one) => one.hash === hash)) this.#duplicated++;
    else this.#unknown++;
    return true;
  }

  #back(account: Account, match: Sent): void {
    match.isBack = true;
    this.#delivered++;
    this.latency.record(performance.now() - match.at);
    const { sent } = account;
    if (match.index < account.latest) this.#disordered++;
    else if (!sent.some((one) => one !== match && one.isBack && one.hash === match.hash)) account.latest = match.index;
    if (sent.length > 2 * backKept && sent[backKept]!.isBack) dropBack(sent);
  }
}

/** Forgets those at the front that came back, but for the newest of them. */
function dropBack(sent: Sent[]): void {
  const missing = sent.findIndex(({ isBack }) => !isBack);
  const back = missing === -1 ? sent.length : missing;
  if (back > backKept) sent.splice(0, back - backKept);
}
