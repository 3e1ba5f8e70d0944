import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    display: flex;
    gap: var(--space-3);
    margin: 0 calc(-1 * var(--space-2));
    padding: 1px var(--space-2);
    border-radius: var(--radius);
  }

  :host([head]) {
    margin-top: 10px;
  }

  :host(:hover),
  :host(:focus-within) {
    background: var(--surface-hover);
  }

  :host([found]) {
    background: var(--accent-soft);
  }

  .who {
    flex: none;
    align-self: start;
    width: 36px;
    margin-top: 2px;
    border-radius: 50%;
  }

  .aside {
    flex: none;
    width: 36px;
    opacity: 0;
    line-height: 22px;
    text-align: end;
  }

  :host(:hover) .aside,
  :host(:focus-within) .aside {
    opacity: 1;
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

  .from:hover {
    text-decoration: underline;
  }

  time {
    flex: none;
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
  }

  .pending {
    opacity: 0.6;
  }

  .text {
    display: flow-root;
  }

  .notice {
    display: flex;
    gap: 6px;
    color: var(--text-2);
  }

  .notice svg {
    margin-top: 3px;
  }

  .edited {
    margin-inline-start: 6px;
    font: var(--label);
  }

  .text > p.words {
    display: inline;
  }

  .clock {
    display: inline-block;
    margin-inline-start: 6px;
    vertical-align: -2px;
  }

  .gone {
    color: var(--text-3);
    font-style: italic;
    overflow-wrap: anywhere;
  }

  .more {
    font: var(--meta);
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

  .answers {
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    color: var(--text-3);
    font: var(--meta);
    text-align: start;
  }

  .answers:hover {
    color: var(--text-2);
  }

  .answers span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .answers b {
    flex: none;
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
    align-items: center;
    gap: 6px;
    max-width: 100%;
    min-height: 24px;
    padding: 0 var(--space-2);
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface-1);
    color: var(--text-2);
    font: var(--meta);
    font-variant-numeric: tabular-nums;
  }

  .chip:hover {
    border-color: var(--line-strong);
  }

  .chip[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
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

  .actions {
    position: absolute;
    z-index: 1;
    top: -18px;
    right: var(--space-2);
    display: flex;
    padding: 1px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-2);
    box-shadow: var(--shadow);
  }

  .actions .icon-button {
    width: 30px;
    height: 30px;
  }

  @media (hover: none) {
    .actions .icon-button {
      width: 40px;
      height: 40px;
    }
  }
`;
