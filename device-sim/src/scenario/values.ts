import * as z from 'zod';
import { parseDuration } from '../duration.ts';

/** Values as a person writes them in a scenario; each becomes the number that the program counts with. */

const durationShape = '^\\s*\\d+(\\.\\d+)?(ms|s|m|h)\\s*$';
const offsetShape = '^\\s*(0|-?\\d+(\\.\\d+)?(ms|s|m|h))\\s*$';
const bytesShape = '^\\s*\\d+(\\.\\d+)? ?(B|KiB|MiB)\\s*$';
const shareShape = '^\\s*\\d+(\\.\\d+)?\\s*%\\s*$';

/** `500ms`, `2s`, `1.5m`, `1h` → milliseconds. */
export const duration = text(
  durationShape,
  'expected a duration from 10ms up, such as 500ms, 2s or 1m',
  (source) => parseDuration(source),
  (ms) => ms >= 10,
);

/** A bound of a time that is measured; it may be short. */
export const shortTime = text(durationShape, 'expected a time such as 5ms, 200ms or 2s', (source) =>
  parseDuration(source),
);

/** A point in time after the start; `0s` is the start. → milliseconds */
export const offset = text(
  offsetShape,
  'expected a time after the start, such as 0s, 30s or 5m',
  signedDuration,
  (ms) => ms >= 0,
);

/** `5m` or `-90s` → milliseconds. */
export const signedTime = text(offsetShape, 'expected a time such as 5m or -90s', signedDuration);

/** `64 KiB` → bytes. */
export const bytes = text(
  bytesShape,
  'expected a size up to 64 MiB, such as 500 B, 64 KiB or 2 MiB',
  (source) => {
    const [, amount, unit = 'B'] = /^([\d.]+) ?(\w+)$/.exec(source.trim()) ?? [];
    return Math.round(Number(amount) * { B: 1, KiB: 1024, MiB: 1024 ** 2 }[unit as 'B']);
  },
  (size) => size >= 1 && size <= 64 * 1024 ** 2,
);

/** `5%` → 0.05 */
export const percent = text(
  shareShape,
  'expected a share from 0% to 100%',
  (source) => Number(source.replace('%', '')) / 100,
  (share) => share <= 1,
);

function signedDuration(source: string): number | undefined {
  const trimmed = source.trim();
  if (/^-?0(\.0+)?(ms|s|m|h)?$/.test(trimmed)) return 0;
  const ms = parseDuration(trimmed.replace(/^-/, ''));
  return ms === undefined ? undefined : trimmed.startsWith('-') ? -ms : ms;
}

/** What is not there is missing; what is there and wrong is told what is allowed. */
export function orMissing(message: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined ? 'is missing' : message);
}

/** The pattern is for editors, which know the JSON Schema alone; the message names what is allowed. */
function text(
  pattern: string,
  message: string,
  read: (source: string) => number | undefined,
  isAllowed: (value: number) => boolean = () => true,
) {
  const input = z.string({ error: orMissing(message) }).meta({ pattern });
  return input.transform((source, context) => {
    const value = new RegExp(pattern).test(source) ? read(source) : undefined;
    if (value !== undefined && isAllowed(value)) return value;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
