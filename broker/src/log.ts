import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

/** Client ids, topics and messages are clients' words: a line keeps this much of each. */
const LONGEST = 256;

/** What waits for whoever reads the log; past it lines are dropped, so that a reader that stands still stops nobody. */
const BUFFER_BYTES = 4 * 1024 ** 2;

/**
 * The hub's log, on standard error so that standard output stays the banner's. Every line has a stable `event`.
 * @param level least severe line that is written
 */
export function createLog(level: string): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: shownError },
    formatters: {
      log: (fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, shown(value)])),
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map(shown) as typeof args);
      },
    },
  };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: false, maxLength: BUFFER_BYTES }));
  return pino(
    options,
    pretty({ destination: 2, sync: true, singleLine: true, colorize: true, translateTime: 'SYS:HH:MM:ss' }),
  );
}

/** A failure with its stack; its message may repeat what a client said. */
function shownError(error: Error): Record<string, unknown> {
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message: shown(message), stack: stack.split('\n').map(shown).join('\n') };
}

/** Shortened, and without what would drive a terminal (C0 and C1 controls, bidirectional overrides). */
function shown(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const short = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  return short.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
