import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
  }

  header {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    min-height: 56px;
    padding: 0 var(--space-3) 0 var(--space-5);
    border-bottom: 1px solid var(--line);
  }

  h2 {
    font: 650 15px/22px var(--sans);
  }

  .lists {
    flex: 1;
    overflow: auto;
    padding: var(--space-2) var(--space-5) var(--space-6);
  }

  h3 {
    padding: var(--space-3) 0 var(--space-2);
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }

  h3 span {
    color: var(--text-3);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  li button {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    width: calc(100% + 2 * var(--space-2));
    min-height: 44px;
    margin: 0 calc(-1 * var(--space-2));
    padding: 0 var(--space-2);
    border-radius: var(--radius);
    text-align: start;
  }

  li button:hover:not(:disabled) {
    background: var(--surface-hover);
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
