import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../duration.ts';

/** Parsers of option values: commander prints what they refuse as one line that names the option. */

export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 500ms, 30s, 5m or 1h.');
  return ms;
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
