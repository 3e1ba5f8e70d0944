import { css, html } from 'lit';
import type { TemplateResult } from 'lit';

/** A field for a password, with a button that shows it. It is in the tree of its form, where password managers look. */
export function passwordField(
  id: string,
  label: string,
  autocomplete: 'current-password' | 'new-password',
): TemplateResult {
  return html`<label class="label" for=${id}>${label}</label>
    <div class="password">
      <input
        id=${id}
        name=${id}
        class="field"
        type="password"
        maxlength="1024"
        autocomplete=${autocomplete}
        autocapitalize="none"
        spellcheck="false"
      />
      <button type="button" class="show" aria-label=${`Show: ${label}`} aria-pressed="false" @click=${toggle}>
        Show
      </button>
    </div>`;
}

function toggle(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const input = button.previousElementSibling as HTMLInputElement;
  const shows = input.type === 'password';
  input.type = shows ? 'text' : 'password';
  button.textContent = shows ? 'Hide' : 'Show';
  button.setAttribute('aria-pressed', String(shows));
}

export const passwordStyles = css`
  .password {
    position: relative;
  }

  .password .field {
    padding-right: 72px;
  }

  .show {
    position: absolute;
    inset: 4px 4px 4px auto;
    width: 60px;
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
    font-weight: var(--medium);
  }

  .show:hover {
    color: var(--text);
  }
`;
