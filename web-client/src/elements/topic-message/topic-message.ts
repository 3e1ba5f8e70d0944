import { toHex } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TopicRecord } from '../../state/topics/node.ts';
import { fieldsOf, seriesOf } from '../../state/topics/fields.ts';
import { rateWords } from '../../state/topics/rate.ts';
import type { Properties, Seen } from '../../state/topics/seen.ts';
import { previewOf, shownAs } from '../../state/topics/shown.ts';
import type { Shown } from '../../state/topics/shown.ts';
import { choiceOf, viewNames } from '../../state/topics/view.ts';
import type { View } from '../../state/topics/view.ts';
import { visible } from '../../state/topics/visible.ts';
import { base, controls } from '../../styles/shared.ts';
import '../chart/chart.ts';
import { icon } from '../icon.ts';
import { bytesOf, count, momentOf, preciseTimeOf, valueOf } from '../words.ts';
import { styles } from './topic-message.styles.ts';

/** A topic is to be looked at in a view; without one, in that which fits. */
export class ChooseViewEvent extends Event {
  readonly view: View | undefined;

  constructor(view: View | undefined) {
    super('parley-choose-view', { bubbles: true, composed: true });
    this.view = view;
  }
}

/** What is to be done with the topic. */
export class TopicActionEvent extends Event {
  readonly action: 'publish' | 'export' | 'purge' | 'close';

  constructor(action: TopicActionEvent['action']) {
    super('parley-topic-action', { bubbles: true, composed: true });
    this.action = action;
  }
}

const LISTED = 40;

/**
 * A topic's message: its payload in a view of which is said why, its properties, its numbers over time, and those
 * before. `version` changes when anything did. Fires `parley-choose-view` and `parley-topic-action`.
 */
@customElement('parley-topic-message')
export class ParleyTopicMessage extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) record!: TopicRecord;
  @property({ attribute: false }) version: unknown;
  /** The view chosen by hand for this topic. */
  @property({ attribute: false }) chosen: View | undefined;
  /** An earlier message that is looked at instead of the newest. */
  @state() private held: Seen | undefined;
  @state() private whole = false;
  @state() private field: string | undefined;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('record') || changed.get('record') === this.record) return;
    this.held = undefined;
    this.whole = false;
    this.field = undefined;
  }

  override render() {
    const { record } = this;
    const seen = this.held ?? record.last;
    const natural = choiceOf(seen);
    const view = this.chosen ?? natural.view;
    const before = this.#before(seen);
    return html`<article class="column" aria-label="Message">
      <header>
        <div class="top">
          <button
            class="icon-button"
            part="back"
            aria-label="Back to the tree"
            title="Back"
            @click=${() => this.#act('close')}
          >
            ${icon('back')}
          </button>
          <h2>${visible(seen.topic)}</h2>
        </div>
        ${this.#facts(seen)}
      </header>
      <section aria-label="Payload">
        ${this.#tabs(view, natural.view, before)}
        <p class="why">
          ${this.chosen === undefined ? `${viewNames[view]}: ${natural.why}` : html`You chose ${viewNames[view]} for this topic. <button class="link" @click=${() => this.#choose(undefined)}>Choose by message</button>`}
        </p>
        ${seen.payload.length === 0 ? html`<p class="quiet">The payload is empty${seen.retain ? ': it takes back what was retained here' : ''}.</p>` : this.#payload(shownAs(seen, view, before, this.whole), view)}
      </section>
      ${this.#properties(seen.properties)} ${this.#numbers(seen, view)} ${this.#earlier(seen)}
      <div class="actions">
        <button class="button" @click=${() => this.#act('publish')}>${icon('publish', 16)}Publish here</button>
        <button class="button" @click=${() => this.#act('export')}>${icon('down', 16)}Export</button>
        ${record.retained ? html`<button class="button" @click=${() => this.#act('purge')}>${icon('clear', 16)}Clear retained</button>` : nothing}
      </div>
    </article>`;
  }

  #facts({ at, qos, retain, payload }: Seen) {
    const { node, count: messages } = this.record;
    const rate = rateWords(node.rate.at(Date.now()));
    return html`<p class="facts">
      <time title=${momentOf(at)}>${preciseTimeOf(at)}</time>
      <span title="Quality of service ${qos}">QoS ${qos}</span>
      ${retain ? html`<span class="mark" title="Published to be kept by the hub">retained</span>` : nothing}
      <span>${bytesOf(payload.length)}</span>
      <span>${count(messages, 'message')}${rate === '' ? '' : `, ${rate}`}</span>
      ${this.held ? html`<button class="link" @click=${() => (this.held = undefined)}>Back to the newest</button>` : nothing}
    </p>`;
  }

  #tabs(view: View, natural: View, before: Seen | undefined) {
    return html`<div class="tabs" role="group" aria-label="Show the payload as">
      ${(Object.entries(viewNames) as [View, string][]).map(
        ([one, name]) =>
          html`<button
            aria-pressed=${one === view}
            ?disabled=${one === 'diff' && !before}
            title=${one === natural ? 'What fits this message' : nothing}
            @click=${() => this.#choose(one)}
          >
            ${name}
          </button>`,
      )}
    </div>`;
  }

  #payload(shown: Shown, view: View) {
    if ('problem' in shown) return html`<p class="problem">${visible(shown.problem)}</p>`;
    return html`<div class="payload" tabindex="0" role="region" aria-label="${viewNames[view]} of the payload">
        ${body(shown, view)}
      </div>
      ${shown.cut ? html`<button class="button more" @click=${() => (this.whole = true)}>Show all of it</button>` : nothing}`;
  }

  #properties(properties: Properties | undefined) {
    const rows = properties ? rowsOf(properties) : [];
    if (rows.length === 0) return nothing;
    return html`<section aria-label="Properties">
      <h3>Properties</h3>
      <dl>
        ${rows.map(
          ([name, value]) =>
            html`<dt>${visible(name)}</dt>
              <dd>${visible(value)}</dd>`,
        )}
      </dl>
    </section>`;
  }

  #numbers(seen: Seen, view: View) {
    const fields = fieldsOf(seen, view);
    if (fields.size === 0) return nothing;
    const field = this.field !== undefined && fields.has(this.field) ? this.field : [...fields.keys()][0]!;
    const points = seriesOf([...this.record.earlier, this.record.last], view, field);
    const data = { at: points.map(({ at }) => at), value: points.map(({ value }) => value) };
    return html`<section aria-label="Numbers">
      <h3>Numbers</h3>
      <div class="chips" role="group" aria-label="Field">
        ${Array.from(
          fields,
          ([name, value]) =>
            html`<button aria-pressed=${name === field} title=${visible(name)} @click=${() => (this.field = name)}>
              ${visible(name)} ${valueOf(value)}
            </button>`,
        )}
      </div>
      ${points.length > 1 ? html`<parley-chart .data=${data} label=${visible(field)}></parley-chart>` : html`<p class="quiet">A chart begins with the second message.</p>`}
    </section>`;
  }

  #earlier(seen: Seen) {
    const { earlier, last } = this.record;
    if (earlier.length === 0) return nothing;
    const newest = [...earlier.slice(-LISTED), last].toReversed();
    return html`<section class="before" aria-label="Messages">
      <h3>Messages</h3>
      ${newest.map(
        (one) =>
          html`<button aria-pressed=${one === seen} @click=${() => (this.held = one === last ? undefined : one)}>
            <time>${preciseTimeOf(one.at)}</time><span>${previewOf(one.payload) || 'empty'}</span>
          </button>`,
      )}
    </section>`;
  }

  #before(seen: Seen): Seen | undefined {
    const { earlier, last } = this.record;
    if (seen === last) return earlier.at(-1);
    const at = earlier.indexOf(seen);
    return at > 0 ? earlier[at - 1] : undefined;
  }

  #choose(view: View | undefined): void {
    this.whole = false;
    this.dispatchEvent(new ChooseViewEvent(view));
  }

  #act(action: TopicActionEvent['action']): void {
    this.dispatchEvent(new TopicActionEvent(action));
  }
}

function body(shown: Exclude<Shown, { problem: string }>, view: View) {
  if ('lines' in shown) {
    const names = { '+': 'plus', '-': 'minus', ' ': '' } as const;
    return html`<pre class="diff">
${shown.lines.map(({ mark, text }) => html`<span class=${names[mark]}>${mark} ${text}</span>`)}</pre>`;
  }
  if (!('table' in shown)) return html`<pre class=${view}>${shown.text}</pre>`;
  return html`<table>
    <thead>
      <tr>
        ${shown.table.head.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${shown.table.rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function rowsOf({ contentType, isText, responseTopic, correlationData, expirySeconds, user }: Properties) {
  const rows: [string, string | undefined][] = [
    ['Content type', contentType],
    ['Payload format', isText === undefined ? undefined : isText ? 'UTF-8 text' : 'bytes'],
    ['Response topic', responseTopic],
    ['Correlation data', correlationData && toHex(correlationData.subarray(0, 256), ' ')],
    ['Expires after', expirySeconds === undefined ? undefined : `${expirySeconds} s`],
    ...(user ?? []).map(([name, value]): [string, string] => [name, value]),
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-topic-message': ParleyTopicMessage;
  }
}
