import { css } from 'lit';

export const styles = css`
  :host {
    border-bottom: 1px solid var(--line);
  }

  .line {
    display: grid;
    grid-template-columns: 64px minmax(160px, 1fr) 64px minmax(0, 1fr);
    align-items: baseline;
    gap: var(--space-3);
    width: 100%;
    min-height: 36px;
    padding: 7px var(--space-6);
    text-align: start;
  }

  .line:hover {
    background: var(--surface-hover);
  }

  .line:focus-visible {
    outline-offset: -2px;
  }

  time {
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .topic,
  .preview {
    overflow: hidden;
    font: var(--payload);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .preview {
    color: var(--text-2);
  }

  .marks {
    display: flex;
    justify-content: flex-end;
    gap: 6px;
    color: var(--text-3);
    font: var(--label);
  }

  abbr {
    text-decoration: none;
  }

  abbr:first-child:not(:last-child) {
    padding: 0 5px;
    border-radius: 4px;
    background: var(--signal-soft);
    color: var(--text-2);
  }

  .opened {
    padding: 0 var(--space-6) var(--space-4);
  }

  .tabs {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1);
    padding: var(--space-1) 0 var(--space-2);
  }

  .tabs button {
    min-height: 28px;
    padding: 0 10px;
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
  }

  .tabs button:hover {
    background: var(--surface-hover);
  }

  .tabs button[aria-pressed='true'] {
    background: var(--accent-soft);
    color: var(--text);
    font-weight: var(--medium);
  }

  .tabs .quiet {
    margin-left: auto;
  }

  pre {
    max-height: 420px;
    overflow: auto;
    padding: var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  @media (max-width: 819.9px) {
    .line {
      grid-template-columns: minmax(0, 1fr) auto auto;
      gap: 2px var(--space-2);
      padding: var(--space-2) var(--space-4);
    }

    .topic {
      grid-row: 1;
      grid-column: 1;
    }

    .preview {
      grid-column: 1 / -1;
    }

    .opened {
      padding-inline: var(--space-4);
    }
  }
`;
