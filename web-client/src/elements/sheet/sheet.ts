import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { DialogElement } from '../dialog/dialog.ts';
import { dialogStyles } from '../dialog/dialog.styles.ts';
import { icon } from '../icon.ts';

const control = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';

const sheet: readonly (readonly [title: string, rows: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    'Anywhere',
    [
      [`${control} K`, 'Go to anything'],
      ['?', 'This sheet'],
      ['G C, G D, G T, G H', 'Chat, Devices, Topics, Hub'],
      ['Alt ↑, Alt ↓', 'Previous, next conversation'],
      ['Alt Shift ↑, ↓', 'Previous, next with something unread'],
    ],
  ],
  [
    'In a conversation',
    [
      ['/', 'Search'],
      ['Enter, Shift Enter', 'Send, new line'],
      ['↑ in an empty box', 'Edit what you said last'],
      ['Esc', 'Mark read and go to the end'],
      ['↑, ↓ among messages', 'Go from one to the next'],
      ['R, E', 'Reply to it, react to it'],
      ['@ # : /', 'People, channels, emoji, commands'],
    ],
  ],
];

/** What the keys do. */
@customElement('parley-sheet')
export class ParleySheet extends DialogElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      h3 {
        padding: var(--space-2) 0;
        font: var(--label);
        font-weight: var(--medium);
        color: var(--text-2);
      }

      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--space-2) var(--space-5);
        padding-bottom: var(--space-4);
      }

      dt {
        font: var(--payload);
        color: var(--text);
      }

      dd {
        color: var(--text-2);
      }
    `,
  ];

  override render() {
    return html`<dialog aria-label="Keyboard shortcuts">
      <div class="title">
        <h2>Keyboard shortcuts</h2>
        <button class="icon-button" aria-label="Close" @click=${this.close}>${icon('close')}</button>
      </div>
      <div class="body" tabindex="0">
        ${sheet.map(
          ([title, rows]) =>
            html`<h3>${title}</h3>
              <dl>
                ${rows.map(
                  ([keys, does]) =>
                    html`<dt>${keys}</dt>
                      <dd>${does}</dd>`,
                )}
              </dl>`,
        )}
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-sheet': ParleySheet;
  }
}
