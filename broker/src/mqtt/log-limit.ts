import { steadyNow } from '../clock.ts';

/** Lines of one kind in one period. */
const LINES = 50;
const PERIOD_MS = 10_000;

/** Kinds told apart; more are counted as one. */
const KINDS = 200;

interface Kind {
  since: number;
  lines: number;
  suppressed: number;
}

/** Keeps a flood of refusals from filling a disk: past a few lines of one kind in a while the rest is only counted. */
export class LogLimit {
  readonly #kinds = new Map<string, Kind>();

  get size(): number {
    return this.#kinds.size;
  }

  /** How many lines of this kind were left out since the last one; undefined when this one is to be left out too. */
  take(name: string, now = steadyNow()): number | undefined {
    const kind = this.#kind(name, now);
    if (now - kind.since >= PERIOD_MS) {
      kind.since = now;
      kind.lines = 0;
    }
    if (kind.lines >= LINES) {
      kind.suppressed++;
      return undefined;
    }
    kind.lines++;
    const { suppressed } = kind;
    kind.suppressed = 0;
    return suppressed;
  }

  #kind(name: string, now: number): Kind {
    const key = this.#kinds.has(name) || this.#kinds.size < KINDS ? name : '';
    let kind = this.#kinds.get(key);
    if (!kind) this.#kinds.set(key, (kind = { since: now, lines: 0, suppressed: 0 }));
    return kind;
  }
}

type LogLine = (event: string, fields: Record<string, unknown>) => void;

/** A log that leaves out what is too much, and says in the next line of its kind how much that was: `suppressed`. */
export function limited(log: LogLine | undefined, limit = new LogLimit()): LogLine {
  if (!log) return () => {};
  return (event, fields) => {
    const suppressed = limit.take(typeof fields['cause'] === 'string' ? `${event} ${fields['cause']}` : event);
    if (suppressed === undefined) return;
    try {
      log(event, suppressed > 0 ? { ...fields, suppressed } : fields);
    } catch {
      // A log that cannot be written must not stop what it tells of.
    }
  };
}
