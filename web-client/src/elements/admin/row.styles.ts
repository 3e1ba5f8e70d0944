import { css } from 'lit';

/** Rows that open, and what comes with a QR code. */
export const rowStyles = css`
  summary {
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary::after {
    flex: none;
    width: 7px;
    height: 7px;
    margin: -4px 4px 0 0;
    border: solid var(--text-3);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
    content: '';
  }

  details[open] summary::after {
    margin-top: 4px;
    transform: rotate(225deg);
  }

  summary:hover {
    background: var(--surface-hover);
  }

  summary:focus-visible {
    outline-offset: -2px;
    border-radius: var(--radius-large);
  }

  .inside {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    padding: var(--space-1) var(--space-4) var(--space-4) 64px;
  }

  .inside p {
    width: 100%;
    overflow-wrap: anywhere;
  }

  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-5);
  }

  legend {
    width: 100%;
    padding: 0;
  }

  fieldset label {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 36px;
  }

  .invite {
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
  }

  .invite .code {
    width: 168px;
    padding: 12px;
  }

  .invite > .padded {
    padding: 0;
  }

  @media (max-width: 699.9px) {
    .inside {
      padding-left: var(--space-4);
    }

    .invite {
      grid-template-columns: minmax(0, 1fr);
      justify-items: center;
    }

    .invite .code {
      width: min(220px, 60vw);
    }
  }
`;
