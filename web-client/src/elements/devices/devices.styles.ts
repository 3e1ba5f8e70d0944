import { css } from 'lit';

export const styles = css`
  .field.narrow {
    flex: 0 1 140px;
    width: auto;
    min-width: 64px;
    font: var(--meta);
  }

  .stale {
    flex: none;
    padding: var(--space-2) var(--space-6);
    background: var(--warn-soft);
    font: var(--meta);
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
    .segments button {
      padding: 0 var(--space-2);
    }

    .bar {
      flex-wrap: wrap;
    }

    .bar .grow {
      flex: 1 0 0;
    }

    .bar .field.narrow {
      flex: 1 1 40%;
      order: 1;
    }

    .stale {
      padding-inline: var(--space-4);
    }
  }
`;
