import { css } from 'lit';

export const styles = css`
  .bar form {
    display: flex;
    flex: 1;
    gap: var(--space-2);
    min-width: 0;
  }

  .bar .field {
    min-width: 0;
  }

  .tools {
    display: flex;
    flex: none;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-6);
    border-bottom: 1px solid var(--line);
    background: var(--surface-1);
  }

  .tools p {
    flex: 1;
    min-width: 0;
    font-variant-numeric: tabular-nums;
  }

  .tools .button {
    min-height: 32px;
    font-variant-numeric: tabular-nums;
  }

  .waiting {
    padding: var(--space-8);
    text-align: center;
  }

  .tries {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-2);
  }

  .tries .button {
    font: var(--payload);
  }

  @media (max-width: 699.9px) {
    .tools {
      padding: var(--space-2) var(--space-4);
    }

    .wide {
      display: none;
    }
  }
`;
