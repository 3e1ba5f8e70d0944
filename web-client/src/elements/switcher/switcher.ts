import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { fitting } from '../../state/places.ts';
import type { Goal } from '../../state/places.ts';
import { base, controls } from '../../styles/shared.ts';
import { DialogElement } from '../dialog/dialog.ts';
import { dialogStyles } from '../dialog/dialog.styles.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { styles } from './switcher.styles.ts';

/** One goal was chosen. */
export class GoalEvent extends Event {
  readonly goal: Goal;

  constructor(goal: Goal) {
    super('parley-goal');
    this.goal = goal;
  }
}

const signs: Readonly<Record<Goal['kind'], IconName>> = {
  channel: 'chat',
  person: 'people',
  device: 'devices',
  page: 'topics',
  action: 'play',
};

/** Goes to any conversation, device or page, or runs anything, by typing a part of its name. Fires `parley-goal`. */
@customElement('parley-switcher')
export class ParleySwitcher extends DialogElement {
  static override styles = [base, controls, dialogStyles, styles];

  @property({ attribute: false }) goals: readonly Goal[] = [];
  @state() private typed = '';
  @state() private chosen = 0;

  override render() {
    const found = fitting(this.goals, this.typed);
    return html`<dialog aria-label="Go to anything">
      <input
        class="field"
        role="combobox"
        aria-label="Go to a channel, person, device or page"
        aria-expanded="true"
        aria-controls="goals"
        aria-activedescendant=${found.length > 0 ? `goal-${this.chosen}` : nothing}
        placeholder="Go to a channel, person, device or page"
        autofocus
        autocomplete="off"
        spellcheck="false"
        @input=${this.#input}
        @keydown=${(event: KeyboardEvent) => this.#pressed(event, found)}
      />
      <ul id="goals" role="listbox" aria-label="Found">
        ${found.map(
          ({ name, kind, unread }, index) =>
            html`<li
              id="goal-${index}"
              role="option"
              aria-selected=${index === this.chosen}
              @click=${() => this.#choose(found[index])}
            >
              ${icon(signs[kind], 18)}<span class="name">${kind === 'channel' ? `#${name}` : name}</span>
              ${unread > 0 ? html`<span class="quiet">${unread} unread</span>` : nothing}
            </li>`,
        )}
      </ul>
      ${found.length === 0 ? html`<p class="quiet none">Nothing is called that.</p>` : nothing}
    </dialog>`;
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  readonly #input = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.chosen = 0;
  };

  #pressed(event: KeyboardEvent, found: readonly Goal[]): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined && found.length > 0) this.chosen = (this.chosen + step + found.length) % found.length;
    else if (event.key === 'Enter') this.#choose(found[this.chosen]);
    else return;
    event.preventDefault();
  }

  #choose(goal: Goal | undefined): void {
    if (!goal) return;
    this.close();
    this.dispatchEvent(new GoalEvent(goal));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-switcher': ParleySwitcher;
  }
}
