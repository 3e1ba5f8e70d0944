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
    max-width: 1160px;
    padding: var(--space-6);
  }

  section {
    min-width: 0;
  }

  h2 {
    margin-bottom: var(--space-3);
    font: 650 15px/22px var(--sans);
  }

  .over {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    min-height: 32px;
    margin-bottom: var(--space-3);
  }

  .over h2 {
    margin: 0;
  }

  .spans {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px;
  }

  .spans button {
    min-height: 32px;
    padding: 0 10px;
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
  }

  .spans button:hover {
    background: var(--surface-hover);
  }

  .spans [aria-pressed='true'] {
    background: var(--accent-soft);
    color: var(--text);
    font-weight: var(--medium);
  }

  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr));
    gap: var(--space-4);
  }

  .more {
    margin-top: var(--space-4);
  }

  .stale {
    flex: none;
    padding: var(--space-2) var(--space-6);
    background: var(--warn-soft);
    font: var(--meta);
  }

  .hidden {
    margin-top: var(--space-3);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius);
    background: var(--warn-soft);
    font: var(--meta);
    overflow-wrap: anywhere;
  }

  .hidden .quiet {
    display: block;
  }

  .commands li {
    min-width: 0;
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
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

    .charts {
      gap: var(--space-3);
    }

    .stale {
      padding-inline: var(--space-4);
    }
  }
`;
