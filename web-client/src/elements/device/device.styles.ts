import { css } from 'lit';

export const styles = css`
  .bar {
    padding-block: 6px;
  }

  .titles {
    min-width: 0;
  }

  .titles p {
    min-height: 18px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .column {
    display: grid;
    gap: var(--space-8);
    max-width: 960px;
    padding: var(--space-6);
  }

  section {
    min-width: 0;
  }

  h2 {
    margin-bottom: var(--space-3);
    font: 650 15px/22px var(--sans);
  }

  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(200px, 100%), 1fr));
    gap: var(--space-4);
  }

  .tile,
  .commands li {
    min-width: 0;
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  .metric {
    overflow: hidden;
    color: var(--text-2);
    font: var(--meta);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .value {
    overflow: hidden;
    font: var(--display);
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  small {
    margin-left: var(--space-1);
    color: var(--text-2);
    font: var(--meta);
  }

  parley-spark,
  .no-spark {
    height: 44px;
    margin: var(--space-2) 0;
  }

  .commands {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
    align-items: start;
    gap: var(--space-4);
  }

  dl {
    display: grid;
    grid-template-columns: minmax(96px, max-content) minmax(0, 1fr);
    gap: var(--space-1) var(--space-6);
    overflow-wrap: anywhere;
  }

  dt {
    color: var(--text-2);
  }

  pre {
    overflow: auto;
  }

  @media (max-width: 699.9px) {
    .column {
      gap: var(--space-6);
      padding: var(--space-4);
    }

    .tiles {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: var(--space-3);
    }
  }
`;
