import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    gap: var(--space-3);
    padding: 6px 0;
  }

  parley-mark {
    margin-top: 2px;
  }

  .said {
    flex: 1;
    min-width: 0;
  }

  .head {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
  }

  .from {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  time {
    flex: none;
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
  }

  .item {
    position: relative;
    margin: 0 calc(-1 * var(--space-2));
    padding: 1px var(--space-2);
    border-radius: var(--radius);
  }

  .item:hover {
    background: var(--surface-hover);
  }

  .aside {
    position: absolute;
    top: 1px;
    left: -42px;
    width: 38px;
    line-height: 22px;
    text-align: end;
    opacity: 0;
  }

  .item:hover .aside {
    opacity: 1;
  }

  .words {
    min-width: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .notice {
    display: flex;
    gap: 6px;
    color: var(--text-2);
  }

  .notice svg {
    margin-top: 3px;
  }

  .waiting .text,
  .sending .text {
    opacity: 0.6;
  }

  .clock {
    display: inline-block;
    margin-inline-start: 6px;
    vertical-align: -2px;
  }

  .gone {
    color: var(--text-3);
    font-style: italic;
  }

  .data {
    width: fit-content;
    max-width: 100%;
    max-height: 168px;
    margin: var(--space-1) 0;
    overflow: auto;
    padding: 6px 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .file {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    max-width: 100%;
    padding: 6px 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }

  .answers {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--text-3);
    font: var(--meta);
  }

  .answers span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .answers b {
    font-weight: var(--medium);
  }

  .reactions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin: var(--space-1) 0;
  }

  .chip {
    display: inline-flex;
    gap: 6px;
    max-width: 100%;
    padding: 0 var(--space-2);
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface-1);
    color: var(--text-2);
    font: var(--meta);
    line-height: 22px;
    font-variant-numeric: tabular-nums;
  }

  .symbol {
    max-width: 12ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .why {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--space-2);
    color: var(--bad-text);
    font: var(--meta);
  }

  .why span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;
