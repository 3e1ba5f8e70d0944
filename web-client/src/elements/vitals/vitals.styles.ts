import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-6);
    min-width: 0;
  }

  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(170px, 100%), 1fr));
    gap: var(--space-3);
  }

  h2 {
    margin-bottom: var(--space-3);
    font: 650 15px/22px var(--sans);
  }

  .problem {
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius);
    background: var(--warn-soft);
    font: var(--meta);
  }

  .wide {
    overflow-x: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font: var(--meta);
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: var(--space-2) var(--space-4);
    text-align: start;
    white-space: nowrap;
  }

  th {
    color: var(--text-2);
    font-weight: 400;
  }

  tbody tr {
    border-top: 1px solid var(--line);
  }

  .number {
    text-align: end;
  }

  .skeleton {
    height: 128px;
    border-radius: var(--radius-large);
    background: var(--surface-1);
  }

  /* A table that is wider than the screen is a list of its cells. */
  @media (max-width: 699.9px) {
    thead {
      display: none;
    }

    tr {
      display: grid;
      padding: var(--space-2) 0;
    }

    td {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0 var(--space-3);
      padding-block: 2px;
      overflow-wrap: anywhere;
      white-space: normal;
    }

    td[data-name]::before {
      color: var(--text-2);
      font: var(--meta);
      content: attr(data-name);
    }

    tbody tr:first-child {
      border-top: 0;
    }

    .grid {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
