import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';
import type { Draft } from '@parley/shared';
import type { Terms } from './rule.ts';
import type { RuleRow } from './tables.ts';

/** What happened to one rule on one device. */
export interface Occurrence {
  readonly name: string;
  readonly rule: RuleRow;
  readonly device: string;
  readonly raised: boolean;
  readonly episode: number;
  /** The reading that decided; none for silence and for a rule that ends. */
  readonly value: number | undefined;
  readonly unit: string | undefined;
  /** The rule was changed or deleted while the alert was raised. */
  readonly ended: boolean;
}

/** The draft of a notice. Its id follows from what it says: published twice it is one entry. */
export function toDraft(occurrence: Occurrence): Draft {
  const { name, rule, device, raised, value, unit, ended } = occurrence;
  const { metric, condition, threshold, forSeconds } = rule;
  const facts = { metric, condition, threshold, forSeconds, value, unit };
  const given = Object.fromEntries(Object.entries(facts).filter(([, one]) => one !== undefined));
  const state = raised ? 'raised' : 'cleared';
  return {
    id: noticeId(occurrence),
    kind: 'notice',
    text: `Alert ${name} ${state}: ${ended ? 'the rule was changed or deleted' : sentence(occurrence)}`,
    data: { alert: { name, state, device, ...given } },
  };
}

function sentence({ rule, device, raised, value, unit }: Occurrence): string {
  const { metric, condition, forSeconds } = rule;
  const what = metric === undefined ? device : `${metric} of ${device}`;
  if (condition === 'silent') return raised ? `nothing from ${what} for ${duration(forSeconds)}` : `${what} is back`;
  const now = value === undefined ? what : `${what} is ${quantity(value, unit)}`;
  return raised ? `${now}, ${limit(rule, unit)}${forSeconds > 0 ? ` for ${duration(forSeconds)}` : ''}` : now;
}

function limit({ condition, threshold = 0 }: Terms, unit: string | undefined): string {
  return `${condition} ${quantity(threshold, unit)}`;
}

function quantity(value: number, unit: string | undefined): string {
  return `${Number(value.toPrecision(6))}${unit === undefined ? '' : ` ${unit}`}`;
}

/** `90 s`, `5 min`, `2 h`: the largest unit that needs no fraction. */
function duration(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length} ${unit}`;
  }
  return `${seconds} s`;
}

/** Crockford's base 32, as in a ULID. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID that every node would make for this occurrence: the time of the rule, and a hash where chance would be. */
function noticeId({ rule, device, episode, raised }: Occurrence): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([rule.life, device, episode, raised]))
    .digest();
  const chance = Array.from(hash.subarray(0, 16), (byte) => DIGITS[byte % 32]).join('');
  return encodeTime(rule.updatedAt, 10) + chance;
}
