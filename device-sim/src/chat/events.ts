import { entrySchema, ParleyError } from '@parley/shared';
import type { Entry } from '@parley/shared';

/** What one event of `GET …/events` says. */
export interface ChatEvent {
  readonly entry?: Entry;
  /** The log is another one, or retention has passed what was asked for: the log itself tells. */
  readonly isOther?: true;
}

/** A hub's largest entry fits well; whoever sends more is none. */
const longestEvent = 8 * 1024 ** 2;

/** Server-Sent Events (HTML Living Standard §9.2.6) as they come. Ends with the stream. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ChatEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
    text = blocks.pop()!;
    if (text.length > longestEvent) throw new ParleyError('payload-invalid', 'an event is too long');
    for (const block of blocks) yield parse(block);
  }
}

function parse(block: string): ChatEvent {
  let type = '';
  let data = '';
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') type = value ?? '';
    else if (field === 'data') data += value ?? '';
  }
  if (type === 'log' || type === 'gap') return { isOther: true };
  return type === '' && data !== '' ? { entry: entrySchema.parse(JSON.parse(data)) } : {};
}
