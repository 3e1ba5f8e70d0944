import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    flex: 1;
    height: auto;
  }

  .scroll {
    display: flex;
    flex-direction: column;
    padding: 0 var(--space-6);
    /* The element keeps the place itself, in every browser. */
    overflow-anchor: none;
  }

  .scroll:focus-visible {
    outline-offset: -2px;
  }

  /* Few entries stand at the end, beside the composer. */
  .column {
    width: 100%;
    max-width: 760px;
    margin: auto auto 0;
    padding: var(--space-4) 0 var(--space-3);
  }

  .row {
    display: flow-root;
  }

  .day,
  .line {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-4) 0 var(--space-2);
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }

  .day::before,
  .day::after,
  .line::before {
    flex: 1;
    height: 1px;
    background: var(--line);
    content: '';
  }

  .line {
    padding: var(--space-2) 0;
    color: var(--accent);
  }

  .line::before {
    background: var(--accent);
  }

  .gap {
    padding: var(--space-3) 0;
    color: var(--text-3);
    font: var(--meta);
    text-align: center;
  }

  .arrivals {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    padding: var(--space-1) 0 var(--space-1) 48px;
    color: var(--text-3);
    font: var(--meta);
    overflow-wrap: anywhere;
  }

  .arrivals time {
    order: 1;
    font: var(--label);
    font-variant-numeric: tabular-nums;
  }

  .pill {
    position: absolute;
    bottom: var(--space-3);
    left: 50%;
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 14px 0 10px;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--surface-2);
    box-shadow: var(--shadow);
    color: var(--text-2);
    font: var(--meta);
    font-weight: var(--medium);
    font-variant-numeric: tabular-nums;
    transform: translateX(-50%);
  }

  .pill.news {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  @media (max-width: 699.9px) {
    .scroll {
      padding: 0 var(--space-4);
    }
  }
`;
