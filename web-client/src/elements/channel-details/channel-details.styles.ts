import { css } from 'lit';

export const styles = css`
  h2 {
    display: flex;
    align-items: center;
    gap: 2px;
  }

  h3 {
    padding-bottom: var(--space-2);
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }

  section {
    padding-top: var(--space-5);
  }

  .stack {
    display: grid;
    justify-items: start;
    gap: var(--space-2);
  }

  .stack .label {
    margin: 0;
  }

  .inside > .quiet {
    padding-top: var(--space-3);
  }

  .row {
    display: flex;
    gap: var(--space-2);
    width: 100%;
  }

  .row .field {
    flex: 1;
    min-width: 0;
  }

  .switch {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-height: 40px;
  }

  li {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-height: 40px;
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .danger {
    border-color: var(--bad);
    color: var(--bad-text);
  }

  .link {
    font: var(--meta);
  }
`;
