import { isJsonObject } from '@parley/shared';
import type { Json } from '@parley/shared';
import type { Sent } from '../../state/device.ts';
import { count, labelOf, valueOf } from '../words.ts';

export interface Outcome {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
  /** From 0 to 1 while the device works on it. */
  readonly progress?: number;
}

/** How long what went well is told, in ms. */
export const TOLD_MS = 8000;
/** Without an answer for this long nobody should wait for one, in ms. */
export const PATIENCE_MS = 30_000;

/** Whether a command went well and was told of long enough. */
export function isToldEnough({ reply, repliedAt, at }: Sent, now: number): boolean {
  return reply !== undefined && 'ok' in reply && reply.ok && now - (repliedAt ?? at) >= TOLD_MS;
}

/** What became of a command, for a person. */
export function replyWords({ reply, problem, at }: Sent, now = Date.now()): Outcome {
  if (problem !== undefined) return { text: `Not sent. ${problem}`, tone: 'bad' };
  if (!reply) {
    if (now - at < PATIENCE_MS) return { text: 'Sent. Waiting for the device …', tone: 'plain' };
    return { text: 'The device has not answered. It may be offline.', tone: 'bad' };
  }
  if ('progress' in reply) {
    return { text: `Working, ${Math.round(reply.progress * 100)} %`, tone: 'plain', progress: reply.progress };
  }
  if (!reply.ok) return { text: `The device refused: ${reply.error}`, tone: 'bad' };
  const result = resultWords(reply.result);
  return { text: result === '' ? 'Done' : `Done: ${result}`, tone: 'good' };
}

const MOST = 6;

/** A result in words: `brightness 80, on`; what nests is only counted. */
function resultWords(result: Json | undefined): string {
  if (result === undefined || result === null || result === true) return '';
  if (!isJsonObject(result)) return plain(result);
  const parts = Object.entries(result).map(([key, value]) =>
    // "On on" would be stuttering.
    key === 'on' && typeof value === 'boolean'
      ? valueOf(value, key)
      : `${labelOf(key).toLowerCase()} ${plain(value, key)}`,
  );
  return parts.length > MOST ? `${parts.slice(0, MOST).join(', ')} and ${parts.length - MOST} more` : parts.join(', ');
}

function plain(value: Json, key = ''): string {
  if (value === null) return 'none';
  if (typeof value === 'object') return count(Object.keys(value).length, 'value');
  return valueOf(value, key);
}
