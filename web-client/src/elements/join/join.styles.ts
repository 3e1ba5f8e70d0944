import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    height: 100%;
    overflow: auto;
    padding: var(--space-6) var(--space-4);
  }

  main {
    display: grid;
    gap: var(--space-8);
    width: min(560px, 100%);
    min-width: 0;
    margin: auto;
  }

  header {
    display: flex;
    align-items: center;
    gap: var(--space-4);
  }

  h1 {
    font: var(--display);
  }

  header p {
    color: var(--text-2);
  }

  .row {
    display: flex;
    gap: var(--space-2);
  }

  .row .field {
    min-height: 44px;
    font-size: 16px;
  }

  .row .button {
    min-height: 44px;
    padding: 0 var(--space-6);
    font: var(--reading);
    font-weight: var(--medium);
  }

  /* Two lines are kept free, so that a problem moves nothing. */
  .hint,
  .problem {
    min-height: 36px;
    margin-top: var(--space-2);
    color: var(--text-2);
    font: var(--meta);
  }

  .problem {
    color: var(--bad-text);
  }

  [aria-invalid] {
    border-color: var(--bad);
  }

  section {
    display: grid;
    gap: var(--space-2);
    min-width: 0;
    padding-top: var(--space-6);
    border-top: 1px solid var(--line);
  }

  parley-copy {
    min-width: 0;
  }

  h2 {
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }
`;
