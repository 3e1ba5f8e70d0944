import { copyText } from '../../link/clipboard.ts';
import type { Item } from '../../state/items.ts';
import { formatRoute } from '../../state/route.ts';
import type { Row } from '../../state/rows.ts';
import type { Session } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import type { EntryEvent } from '../entry/events.ts';

export interface ActContext {
  readonly session: Session;
  readonly talk: Talk;
  readonly reply: (item: Item) => void;
  readonly edit: (item: Item) => void;
  /** Goes to another entry, by its id. */
  readonly show: (id: string) => void;
}

/** Does what was chosen of an entry. */
export function act(item: Item, { what, target }: EntryEvent, context: ActContext): void {
  const { talk } = context;
  switch (what.act) {
    case 'reply':
      return context.reply(item);
    case 'edit':
      return context.edit(item);
    case 'delete':
      return void talk.send({ kind: 'delete', target: item.key });
    case 'react':
      return react(item, what.text, talk);
    case 'emoji':
      return void chooseReaction(item, talk, (target as HTMLElement).getBoundingClientRect());
    case 'link':
      return void copyLink(item, talk.key);
    case 'retry':
      return item.send?.retry();
    case 'discard':
      return item.send && context.session.discard(talk.key, item.send);
    case 'show':
      return context.show(what.id);
    case 'person':
      // Whoever holds the pages goes to them.
      return undefined;
  }
}

/** The entry of ours that was said last. */
export function ownLast(rows: readonly Row[], me: string): Item | undefined {
  const row = rows.findLast(
    (one) =>
      one.type === 'entry' &&
      one.item.from === me &&
      one.item.kind === 'text' &&
      one.item.seq !== undefined &&
      !one.item.deleted,
  );
  return row?.type === 'entry' ? row.item : undefined;
}

/** Ours is taken back by deleting its entry. */
function react(item: Item, text: string, talk: Talk): void {
  const own = item.reactions.find((one) => one.text === text)?.own;
  // Still on its way: it has no entry to delete yet.
  if (own !== undefined && talk.sends.some(({ id }) => id === own)) return;
  if (own === undefined) talk.send({ kind: 'reaction', target: item.key, text });
  else talk.send({ kind: 'delete', target: own });
}

async function chooseReaction(item: Item, talk: Talk, beside: DOMRect): Promise<void> {
  const { pickEmoji } = await import('../emoji/picker.ts');
  const symbol = await pickEmoji(beside);
  const isThere = item.reactions.some(({ text, own }) => text === symbol && own !== undefined);
  if (symbol !== undefined && !isThere) react(item, symbol, talk);
}

/** Where nothing can be copied the address bar has the link. */
async function copyLink({ seq }: Item, place: string): Promise<void> {
  if (seq === undefined) return;
  const path = formatRoute({ area: 'chat', place, at: seq });
  if (await copyText(new URL(path, location.origin).href)) return;
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}
