import { css } from 'lit';

export const styles = css`
  .column {
    display: grid;
    gap: var(--space-8);
    max-width: 720px;
    padding: var(--space-6);
  }

  parley-vitals {
    max-width: 1240px;
    padding: var(--space-6) var(--space-6) 0;
  }

  section {
    display: grid;
    gap: var(--space-3);
    min-width: 0;
  }

  h2 {
    font: 650 15px/22px var(--sans);
  }

  section > p {
    color: var(--text-2);
  }

  parley-copy {
    min-width: 0;
  }

  dl {
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  dl > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-4);
    padding: 10px var(--space-4);
  }

  dl > div + div {
    border-top: 1px solid var(--line);
  }

  dt {
    flex: 0 0 176px;
    color: var(--text-2);
  }

  dd {
    flex: 1 1 200px;
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .me {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  .me p {
    display: grid;
    flex: 1;
    min-width: 0;
  }

  .me b {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
  }

  @media (min-width: 1100px) {
    .column {
      grid-template: 'facts joining' auto 'me joining' 1fr / minmax(0, 1fr) minmax(0, 1fr);
      gap: var(--space-8) var(--space-8);
      max-width: 1240px;
    }

    section:nth-child(1) {
      grid-area: facts;
    }

    section:nth-child(2) {
      grid-area: joining;
    }

    section:nth-child(3) {
      grid-area: me;
    }

    section {
      align-content: start;
    }
  }

  @media (max-width: 699.9px) {
    .column {
      padding: var(--space-4);
    }

    parley-vitals {
      padding: var(--space-4) var(--space-4) 0;
    }
  }
`;
