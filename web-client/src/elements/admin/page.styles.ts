import { css } from 'lit';

/** What the pages of accounts have in common: sections of cards with rows, and short forms. */
export const pageStyles = css`
  :host {
    display: grid;
    gap: var(--space-8);
    max-width: 720px;
    padding: var(--space-6);
  }

  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
    min-width: 0;
  }

  h2 {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    font: 650 15px/22px var(--sans);
  }

  section > p {
    color: var(--text-2);
  }

  .card {
    min-width: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  .card > li + li {
    border-top: 1px solid var(--line);
  }

  .padded {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-4);
  }

  .line {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-height: 56px;
    padding: var(--space-2) var(--space-4);
  }

  .what {
    display: grid;
    flex: 1;
    min-width: 0;
  }

  .what > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .what b {
    font-weight: 600;
  }

  .fields {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-3);
  }

  .fields > div {
    flex: 1 1 180px;
    min-width: 0;
  }

  .fields .button {
    flex: none;
  }

  .field,
  .fields .button {
    min-height: 40px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .danger {
    border-color: var(--bad);
    color: var(--bad-text);
  }

  .problem {
    color: var(--bad-text);
    font: var(--meta);
  }

  .done {
    color: var(--text-2);
    font: var(--meta);
  }

  .tag {
    flex: none;
    padding: 1px var(--space-2);
    border-radius: var(--radius);
    background: var(--accent-soft);
    color: var(--accent);
    font: var(--label);
    font-weight: var(--medium);
  }

  parley-copy {
    min-width: 0;
  }

  @media (max-width: 699.9px) {
    :host {
      padding: var(--space-4);
    }

    .field {
      min-height: 44px;
      font-size: 16px;
    }

    .button,
    .fields .button {
      min-height: 44px;
    }
  }
`;
