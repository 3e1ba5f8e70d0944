import { css } from 'lit';

export const styles = css`
  :host {
    min-width: 0;
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    container-type: inline-size;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 var(--space-3);
    min-height: 52px;
    margin-bottom: var(--space-2);
  }

  h3 {
    width: 100%;
    overflow: hidden;
    color: var(--text-2);
    font: var(--meta);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .value {
    min-width: 0;
    font: 650 clamp(18px, 9cqi, 26px) / 34px var(--sans);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  .old {
    color: var(--text-2);
  }

  small {
    margin-left: var(--space-1);
    color: var(--text-2);
    font: var(--meta);
  }

  .under {
    flex: 1;
    min-width: 0;
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  parley-chart {
    height: 180px;
  }

  .word {
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
`;
