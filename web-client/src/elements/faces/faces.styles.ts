import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
  }

  .stack {
    display: flex;
  }

  parley-mark {
    border-radius: 50%;
    box-shadow: 0 0 0 2px var(--surface-0);
  }

  parley-mark + parley-mark {
    margin-left: -6px;
  }

  .count {
    min-width: 1ch;
    color: var(--text-2);
    font: var(--meta);
    font-variant-numeric: tabular-nums;
  }

  @media (max-width: 479.9px) {
    parley-mark:nth-child(n + 3) {
      display: none;
    }
  }
`;
