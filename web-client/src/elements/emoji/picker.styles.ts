import { css } from 'lit';

export const styles = css`
  :host {
    position: fixed;
    inset: auto;
    width: 312px;
    margin: 0;
    padding: var(--space-2);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    box-shadow: var(--shadow);
    color: var(--text);
  }

  :host(:not(:popover-open)) {
    display: none;
  }

  .grid {
    display: grid;
    grid-template-columns: repeat(8, 1fr);
    max-height: 216px;
    margin-top: var(--space-2);
    overflow: auto;
    scrollbar-width: thin;
  }

  button {
    height: 36px;
    border-radius: var(--radius);
    font-size: 20px;
    line-height: 1;
  }

  button:hover,
  button:focus-visible {
    background: var(--surface-hover);
    outline-offset: -2px;
  }

  .quiet {
    padding: var(--space-3);
    text-align: center;
  }
`;
