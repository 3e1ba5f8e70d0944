import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-width: 0;
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  h2 {
    overflow: hidden;
    color: var(--text-2);
    font: var(--meta);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  p {
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
  .room {
    height: 36px;
    margin-top: var(--space-1);
  }

  .most {
    overflow: hidden;
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .alarming parley-spark {
    color: var(--warn);
  }
`;
