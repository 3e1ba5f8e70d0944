import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../duration.ts';

/** Parsers of option values: commander prints what they refuse as one line that names the option. */

export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 500ms, 30s, 5m or 1h.');
  return ms;
}

/** An option that takes a duration, and shows its default as one would write it. */
export function durationOption(flags: string, description: string, standard: string): Option {
  return new Option(flags, description).argParser(durationMs).default(durationMs(standard), standard);
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

/** A URL of one of the schemes, as it was written. */
export function urlOf(...schemes: readonly string[]): (text: string) => string {
  return (text) => {
    const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '' };
    if (schemes.includes(protocol.slice(0, -1)) && hostname !== '') return text;
    throw new InvalidArgumentError(
      `Expected a URL that starts with ${schemes.map((one) => `${one}://`).join(' or ')}.`,
    );
  };
}

/** `10x`, `0.5x`, or `max`, which is Infinity. */
export function speedOf(text: string): number {
  if (text === 'max') return Infinity;
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1]);
  if (factor > 0 && factor <= 100_000) return factor;
  throw new InvalidArgumentError('Expected a factor such as 10x, or max.');
}

/** A moment in ISO 8601, as milliseconds since the Unix epoch. */
export function instant(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (ms >= 0) return ms;
  throw new InvalidArgumentError('Expected a moment such as 2026-01-31T18:00:00Z.');
}
