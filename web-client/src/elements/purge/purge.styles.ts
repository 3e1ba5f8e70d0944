import { css } from 'lit';

export const styles = css`
  dialog {
    width: min(480px, calc(100vw - 32px));
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    box-shadow: var(--shadow);
    color: var(--text);
  }

  dialog::backdrop {
    background: oklch(0% 0 0 / 35%);
  }

  dialog[open],
  form {
    display: grid;
    gap: var(--space-4);
  }

  h2 {
    font: var(--title);
  }

  ul {
    max-height: 200px;
    overflow: auto;
    color: var(--text-2);
  }

  li {
    unicode-bidi: isolate;
  }

  .row {
    display: flex;
    justify-content: flex-end;
    gap: var(--space-2);
  }

  .danger {
    border-color: transparent;
    background: var(--bad);
    color: light-dark(oklch(100% 0 0), oklch(18% 0.02 27));
  }

  .danger:hover:not(:disabled) {
    background: var(--bad-text);
  }

  .bad {
    color: var(--bad-text);
    overflow-wrap: anywhere;
  }

  progress {
    width: 100%;
    accent-color: var(--accent);
  }
`;
