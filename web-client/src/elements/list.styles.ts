import { css } from 'lit';

/** The list column beside main: a heading and links. */
export const listStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    overflow: auto;
    padding: 0 var(--space-2) var(--space-4);
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }

  header {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    min-height: 56px;
    padding: 0 0 0 var(--space-3);
  }

  h2 {
    font: 650 15px/22px var(--sans);
  }

  ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1px;
  }

  li > a,
  li > button {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    width: 100%;
    min-height: 36px;
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius);
    color: var(--text-2);
    text-align: start;
    text-decoration: none;
    transition: background var(--quick);
  }

  li > a:hover,
  li > button:hover {
    background: var(--surface-hover);
    color: var(--text);
  }

  li > [aria-current] {
    background: var(--accent-soft);
    color: var(--text);
    font-weight: var(--medium);
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  @media (max-width: 699.9px) {
    :host {
      padding-inline: var(--space-2);
    }

    h2 {
      font: var(--title);
    }

    li > a,
    li > button {
      min-height: 44px;
    }
  }
`;
