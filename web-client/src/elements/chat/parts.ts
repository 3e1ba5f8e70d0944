import { html, nothing } from 'lit';
import type { Compose } from '../../state/compose.ts';
import type { Session } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import { replyWords } from '../command/reply.ts';
import '../copy/copy.ts';
import { icon } from '../icon.ts';
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

/** What became of a command to a device. */
export function toldOf(compose: Compose): unknown {
  const { told } = compose;
  if (!told) return nothing;
  const { tone, text } = replyWords(told.sent);
  return html`<p class="told ${tone}" role="status">
    <span>${told.device} ${told.sent.command}: ${text}</span>
    <button class="icon-button" aria-label="Dismiss" @click=${() => compose.cancel()}>${icon('close', 14)}</button>
  </p>`;
}

/** What can be written out by its beginning. */
export function knownTo({ people, devices, channels, user }: Session) {
  const names = people.all().map(({ name }) => name);
  return {
    people: names.filter((name) => name !== user && !devices.has(name)),
    channels: channels.known(),
    devices: devices.names(),
  };
}
