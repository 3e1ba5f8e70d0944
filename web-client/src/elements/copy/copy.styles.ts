import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding: 2px 2px 2px var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
  }

  code {
    flex: 1;
    min-width: 0;
    padding: 6px 0;
    border-radius: 2px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  code span {
    display: inline-block;
    max-width: 100%;
  }
`;
