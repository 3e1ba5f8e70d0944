import { css } from 'lit';

export const styles = css`
  :host {
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }

  .column {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-4) var(--space-5) var(--space-8);
  }

  .top {
    display: flex;
    align-items: flex-start;
    gap: var(--space-2);
  }

  h2 {
    flex: 1;
    min-width: 0;
    padding-top: var(--space-1);
    font: 600 14px/20px var(--mono);
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }

  .facts {
    display: flex;
    margin-top: 2px;
    align-items: center;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-3);
    color: var(--text-2);
    font: var(--meta);
    font-variant-numeric: tabular-nums;
  }

  .mark {
    padding: 0 6px;
    border-radius: 4px;
    background: var(--accent-soft);
    color: var(--text);
  }

  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
  }

  .tabs button,
  .chips button {
    min-height: 28px;
    padding: 0 10px;
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
  }

  .tabs button:hover,
  .chips button:hover {
    background: var(--surface-hover);
  }

  [aria-pressed='true'] {
    background: var(--accent-soft);
    color: var(--text);
    font-weight: var(--medium);
  }

  .why {
    margin: 2px 0 var(--space-2);
    color: var(--text-3);
    font: var(--label);
  }

  .payload {
    max-height: 60vh;
    overflow: auto;
    padding: var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
    font: var(--payload);
  }

  pre {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    unicode-bidi: plaintext;
  }

  pre.hex {
    white-space: pre;
  }

  .diff span {
    display: block;
    min-height: 20px;
    padding-left: 2ch;
    text-indent: -2ch;
  }

  .diff .plus {
    background: color-mix(in oklch, var(--good) 16%, transparent);
  }

  .diff .minus {
    background: color-mix(in oklch, var(--bad) 14%, transparent);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font: var(--payload);
  }

  th {
    padding: 2px var(--space-3) var(--space-1) 0;
    color: var(--text-3);
    font: var(--label);
    text-align: start;
  }

  td {
    padding: 2px var(--space-3) 2px 0;
    vertical-align: top;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }

  td:nth-child(n + 3) {
    color: var(--text-2);
  }

  .problem {
    color: var(--bad-text);
    font: var(--meta);
    overflow-wrap: anywhere;
  }

  .more {
    margin-top: var(--space-2);
  }

  h3 {
    margin-bottom: var(--space-2);
    font: 650 13px/18px var(--sans);
  }

  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 2px var(--space-4);
    font: var(--meta);
  }

  dt {
    color: var(--text-2);
  }

  dd {
    font: var(--payload);
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    margin-bottom: var(--space-2);
  }

  .chips button {
    max-width: 100%;
    overflow: hidden;
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  parley-chart {
    height: 160px;
  }

  .before button {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: var(--space-3);
    width: 100%;
    min-height: 28px;
    padding: var(--space-1) var(--space-2);
    border-radius: var(--radius);
    text-align: start;
  }

  .before button:hover {
    background: var(--surface-hover);
  }

  .before time {
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
    line-height: 20px;
  }

  .before span {
    overflow: hidden;
    font: var(--payload);
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .actions .button {
    min-height: 32px;
  }
`;
