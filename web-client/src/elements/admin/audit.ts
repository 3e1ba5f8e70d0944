import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { administration } from '../../link/accounts.ts';
import type { AuditEntry } from '../../link/accounts.ts';
import { base, controls } from '../../styles/shared.ts';
import { dayOf, momentOf, timeOf } from '../words.ts';
import { auditWords, isWarning } from './audit-words.ts';
import { pageStyles } from './page.styles.ts';
import { WorkingElement } from './working.ts';

/** Entries of one answer of the hub. */
const PAGE = 100;

/** Who signed in and who changed what, newest first. Names and addresses in it are strangers' words: text, isolated. */
@customElement('parley-audit')
export class ParleyAudit extends WorkingElement {
  static override styles = [
    base,
    controls,
    pageStyles,
    css`
      li {
        display: grid;
        grid-template-columns: 56px minmax(0, 1fr);
        gap: 2px var(--space-3);
        padding: var(--space-2) var(--space-4);
      }

      time {
        color: var(--text-3);
        font-variant-numeric: tabular-nums;
      }

      li p {
        overflow-wrap: anywhere;
      }

      .about {
        grid-column: 2;
      }

      b {
        font-weight: 600;
      }

      .warning span {
        color: var(--bad-text);
      }
    `,
  ];

  @state() private entries: readonly AuditEntry[] | undefined;
  @state() private more = false;

  override render() {
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.entries?.length === 0 ? html`<p class="quiet">Nothing has happened yet.</p>` : nothing}
      ${[...byDay(this.entries ?? [])].map(
        ([day, entries]) =>
          html`<section>
            <h2>${day}</h2>
            <ul class="card">
              ${entries.map(entryRow)}
            </ul>
          </section>`,
      )}
      ${this.more ? html`<div><button class="button" ?disabled=${this.busy} @click=${this.#earlier}>Earlier</button></div>` : nothing}
    `;
  }

  protected override async load(): Promise<void> {
    if (this.entries) return;
    this.entries = await administration.audit();
    this.more = this.entries.length >= PAGE;
  }

  readonly #earlier = (): void => {
    void this.attempt(async () => {
      const shown = this.entries!;
      const { at } = shown.at(-1)!;
      // Several may have the same millisecond: those that are shown come first again.
      const page = await administration.audit(at + 1);
      const fresh = page.slice(shown.filter((one) => one.at === at).length);
      this.more = page.length >= PAGE && fresh.length > 0;
      this.entries = [...shown, ...fresh];
    });
  };
}

function byDay(entries: readonly AuditEntry[]): Map<string, AuditEntry[]> {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const known = days.get(day);
    if (known) known.push(entry);
    else days.set(day, [entry]);
  }
  return days;
}

function entryRow(entry: AuditEntry) {
  const { at, by, to, address, detail } = entry;
  const about = [detail, address].filter((part) => part !== undefined && part !== '');
  return html`<li class=${isWarning(entry) ? 'warning' : ''}>
    <time datetime=${new Date(at).toISOString()} title=${momentOf(at)}>${timeOf(at)}</time>
    <p>
      <b><bdi>${by}</bdi></b> <span>${auditWords(entry)}</span>
      ${to === undefined ? nothing : html`<b><bdi>${to}</bdi></b>`}
    </p>
    ${about.length > 0 ? html`<p class="about quiet">${about.map((part, index) => html`${index > 0 ? ' · ' : ''}<bdi>${part}</bdi>`)}</p>` : nothing}
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-audit': ParleyAudit;
  }
}
