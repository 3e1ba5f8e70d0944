import { css } from 'lit';

export const styles = css`
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
    gap: var(--space-4);
    padding: var(--space-6);
  }

  li {
    min-width: 0;
  }

  parley-device-card {
    height: 100%;
  }

  .none {
    padding: var(--space-8);
    text-align: center;
  }

  .segments {
    display: flex;
    gap: 2px;
    padding: 2px;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface-1);
  }

  .segments button {
    min-height: 32px;
    padding: 0 10px;
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
    white-space: nowrap;
  }

  .segments button[aria-pressed='true'] {
    background: var(--surface-2);
    box-shadow: 0 0 0 1px var(--line);
    color: var(--text);
    font-weight: var(--medium);
  }

  .segments span {
    color: var(--text-3);
    font-variant-numeric: tabular-nums;
  }

  .empty parley-copy {
    text-align: start;
  }

  @media (max-width: 699.9px) {
    .grid {
      gap: var(--space-3);
      padding: var(--space-4);
    }

    .segments button {
      padding: 0 var(--space-2);
    }
  }
`;
