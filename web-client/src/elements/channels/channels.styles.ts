import { css } from 'lit';

export const styles = css`
  .hash {
    color: var(--text-3);
  }

  .unread {
    color: var(--text);
    font-weight: 650;
  }

  parley-me {
    display: none;
  }

  @media (max-width: 699.9px) {
    header {
      gap: var(--space-2);
      padding-right: var(--space-2);
    }

    header h2 {
      flex: 1;
    }

    parley-me {
      display: block;
    }
  }

  .muted {
    color: var(--text-3);
  }

  .hash {
    flex: none;
    display: inline-grid;
    place-items: center;
    min-width: 14px;
  }

  h3 {
    flex: none;
    padding: var(--space-5) var(--space-3) var(--space-2);
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }

  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 32px;
    color: var(--text-2);
    font: var(--meta);
  }

  .badge {
    min-width: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--accent);
    color: var(--on-accent);
    font: 600 12px/20px var(--sans);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }

  form {
    padding: 0 var(--space-3) var(--space-4);
  }

  form p {
    min-height: 36px;
    margin-top: var(--space-1);
  }

  .problem {
    color: var(--bad-text);
  }
`;
