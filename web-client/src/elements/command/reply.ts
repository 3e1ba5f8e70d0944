import type { Sent } from '../../state/device.ts';

export interface Outcome {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

/** What became of a command, for a person. */
export function replyWords({ reply, problem }: Sent): Outcome {
  if (problem !== undefined) return { text: `Not sent. ${problem}`, tone: 'bad' };
  if (!reply) return { text: 'Sent. Waiting for the device …', tone: 'plain' };
  if ('progress' in reply) return { text: `Working, ${Math.round(reply.progress * 100)} %`, tone: 'plain' };
  if (!reply.ok) return { text: `The device refused: ${reply.error}`, tone: 'bad' };
  const { result } = reply;
  const isPlain = result === undefined || result === null || result === true;
  return {
    text: isPlain ? 'Done' : `Done: ${typeof result === 'string' ? result : JSON.stringify(result)}`,
    tone: 'good',
  };
}
