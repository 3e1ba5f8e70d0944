import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: auto;
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

  form {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-4) var(--space-5);
  }

  .row {
    display: flex;
    align-items: flex-end;
    gap: var(--space-4);
  }

  .qos {
    flex: 1;
  }

  select.field {
    font: var(--meta);
  }

  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 36px;
    font: var(--meta);
  }

  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    accent-color: var(--accent);
  }

  .over {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
  }

  .over select {
    border: 0;
    background: none;
    color: var(--text-2);
    font: var(--label);
  }

  summary {
    color: var(--text-2);
    font: var(--meta);
    cursor: pointer;
  }

  .properties {
    display: grid;
    gap: var(--space-3);
    padding-top: var(--space-3);
  }

  fieldset {
    display: grid;
    gap: var(--space-2);
    justify-items: start;
  }

  .pair {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto;
    gap: var(--space-1);
    width: 100%;
  }

  .outcome {
    min-height: 18px;
    color: var(--text-2);
    font: var(--meta);
    overflow-wrap: anywhere;
  }

  .bad {
    color: var(--bad-text);
  }
`;
