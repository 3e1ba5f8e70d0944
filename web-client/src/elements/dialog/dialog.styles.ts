import { css } from 'lit';

/** A dialog over the page; on a phone it takes its width. */
export const dialogStyles = css`
  dialog {
    width: min(560px, 100vw - 2 * var(--space-3));
    max-height: min(640px, 100dvh - 2 * var(--space-6));
    margin: max(8dvh, var(--space-3)) auto auto;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    box-shadow: var(--shadow);
    color: var(--text);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: oklch(20% 0.01 265 / 35%);
  }

  .title {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-5);
    border-bottom: 1px solid var(--line);
  }

  .title h2 {
    font: var(--title);
  }

  .body {
    overflow: auto;
    padding: var(--space-4) var(--space-5) var(--space-5);
    scrollbar-width: thin;
  }
`;
