import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    gap: var(--space-2);
  }

  h3 {
    font: var(--reading);
    font-weight: var(--medium);
  }

  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-1) var(--space-3);
    min-height: 36px;
  }

  .row.slider {
    flex-wrap: wrap;
  }

  .row .name {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .row .field {
    flex: 1 1 0;
    min-width: 0;
    max-width: 220px;
  }

  .standing {
    flex: 1;
    color: var(--text-2);
    font: var(--meta);
    text-align: end;
  }

  progress {
    display: block;
    width: 100%;
    height: 4px;
    margin-top: var(--space-1);
    accent-color: var(--signal);
  }

  output {
    font-variant-numeric: tabular-nums;
    font-weight: var(--medium);
  }

  input[type='range'] {
    flex: 1 0 100%;
    height: 24px;
    accent-color: var(--accent);
  }

  .switch {
    position: relative;
    flex: none;
    width: 40px;
    height: 24px;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--surface-1);
    appearance: none;
    cursor: pointer;
    transition: background var(--quick);
  }

  .switch::after {
    position: absolute;
    top: 3px;
    left: 3px;
    width: 16px;
    height: 16px;
    border-radius: 50%;
    background: var(--line-strong);
    content: '';
    transition: translate var(--quick);
  }

  .switch:checked {
    border-color: var(--accent);
    background: var(--accent);
  }

  .switch:checked::after {
    background: var(--on-accent);
    translate: 16px 0;
  }

  .button {
    justify-self: start;
    max-width: 100%;
    padding-block: 6px;
    overflow-wrap: anywhere;
    white-space: normal;
  }

  .outcome {
    min-height: 18px;
    color: var(--text-2);
    font: var(--meta);
    overflow-wrap: anywhere;
  }

  .outcome.bad {
    color: var(--bad-text);
  }

  :host([compact]) .outcome {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  :host([compact]) form {
    gap: 0;
  }
`;
