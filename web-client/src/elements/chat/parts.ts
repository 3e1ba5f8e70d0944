import { html, nothing } from 'lit';
import type { Session } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import '../copy/copy.ts';
import { terminalLines } from '../lines.ts';
import { skeleton } from '../skeleton.ts';

/** What stands above the first row: where the conversation begins, loading, or what went wrong. */
export function start(talk: Talk, session: Session): unknown {
  const { loaded, failure, hasOlder, entries, log, isDirect, name } = talk;
  if (failure !== undefined && entries.length === 0) return problem(talk, failure.message);
  if (!loaded && log === undefined) return skeleton();
  if (hasOlder) return html`<p class="older quiet">Loading older messages …</p>`;
  const beginning = isDirect ? `Your messages with ${name} begin here.` : `This is where #${name} begins.`;
  if (entries.length > 0) return html`<p class="beginning quiet">${beginning}</p>`;
  return isDirect ? emptyDirect(name) : emptyChannel(name, session);
}

function problem(talk: Talk, reason: string) {
  return html`<div class="problem" role="alert">
    <p><b>The messages could not be loaded.</b> ${reason} What you write is kept and sent when it can be.</p>
    <button class="button" @click=${() => void talk.conversation.refresh()}>Try again</button>
  </div>`;
}

function emptyDirect(name: string) {
  return html`<div class="first">
    <h2>Nothing here yet</h2>
    <p>What you write here, only ${name} and you can read.</p>
  </div>`;
}

function emptyChannel(name: string, session: Session) {
  const [, line] = terminalLines(location.hostname, session.hub, name);
  return html`<div class="first">
    <h2>Nothing here yet</h2>
    <p>
      #${name} is a channel: what people and devices send to
      <code class="mono">chat/${name}</code> stands here. Write the first message below, or from a terminal:
    </p>
    <parley-copy line=${line}></parley-copy>
  </div>`;
}

/** "ana is typing …" */
export function typingWords(names: readonly string[]): unknown {
  if (names.length === 0) return nothing;
  if (names.length > 3) return 'Several people are typing …';
  const last = names.at(-1)!;
  const all = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
  return `${all} ${names.length === 1 ? 'is' : 'are'} typing …`;
}
