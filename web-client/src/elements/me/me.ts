import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { reliesOnCookie } from '../../link/authorization.ts';
import { themes } from '../../state/theme.ts';
import type { Theme } from '../../state/theme.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import '../mark/mark.ts';
import { styles } from './me.styles.ts';

/** We leave, to come back under another name; with accounts that is to sign out. */
export class LeaveEvent extends Event {
  /** Every sign-in of the account is to end, on other machines too. */
  readonly everywhere: boolean;

  constructor(everywhere = false) {
    super('parley-leave', { bubbles: true, composed: true });
    this.everywhere = everywhere;
  }
}

/** Light, dark, or as the system says. */
export class ThemeEvent extends Event {
  readonly theme: Theme;

  constructor(theme: Theme) {
    super('parley-theme', { bubbles: true, composed: true });
    this.theme = theme;
  }
}

/** A dialog is to open. */
export class OpenEvent extends Event {
  readonly dialog: 'phone' | 'sheet';

  constructor(dialog: OpenEvent['dialog']) {
    super('parley-open', { bubbles: true, composed: true });
    this.dialog = dialog;
  }
}

const themeWords: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** My mark, and the menu behind it. Fires `parley-leave`, `parley-theme` and `parley-open`. */
@customElement('parley-me')
export class ParleyMe extends LitElement {
  static override styles = [base, controls, styles];

  @property() user = '';
  @property() theme: Theme = 'system';

  override render() {
    return html`
      <button class="me" popovertarget="me" aria-label=${`You are ${this.user}`} title=${this.user}>
        <parley-mark name=${this.user} size="36"></parley-mark>
      </button>
      <div id="me" class="menu" popover>
        <p class="name">${this.user}</p>
        <p class="quiet">
          ${reliesOnCookie() ? 'You are signed in on this browser.' : 'Your name is kept in this browser.'}
        </p>
        <fieldset>
          <legend class="label">Colours</legend>
          ${themes.map(
            (theme) =>
              html`<label
                ><input
                  type="radio"
                  name="theme"
                  value=${theme}
                  .checked=${theme === this.theme}
                  @change=${() => this.dispatchEvent(new ThemeEvent(theme))}
                />${themeWords[theme]}</label
              >`,
          )}
        </fieldset>
        ${
          reliesOnCookie()
            ? html`<a class="button" href="/hub/account" @click=${this.#hide}>${icon('gear', 16)}Account</a>`
            : nothing
        }
        ${this.#item('phone', 'Open on a phone', 'phone')} ${this.#item('keyboard', 'Keyboard shortcuts', 'sheet')}
        <button class="button" @click=${() => this.dispatchEvent(new LeaveEvent())}>
          ${icon('leave', 16)}${reliesOnCookie() ? 'Sign out' : 'Leave or change name'}
        </button>
      </div>
    `;
  }

  #item(glyph: IconName, name: string, dialog: OpenEvent['dialog']) {
    const open = (): void => {
      this.#hide();
      this.dispatchEvent(new OpenEvent(dialog));
    };
    return html`<button class="button" @click=${open}>${icon(glyph, 16)}${name}</button>`;
  }

  readonly #hide = (): void => this.renderRoot.querySelector<HTMLElement>('#me')!.hidePopover();
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-me': ParleyMe;
  }
}
