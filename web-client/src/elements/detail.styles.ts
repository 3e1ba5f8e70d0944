import { css } from 'lit';

/** What stands beside main: a heading with a way to close it, and what scrolls below. */
export const detailStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
  }

  header {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    min-height: 56px;
    padding: 0 var(--space-3) 0 var(--space-5);
    border-bottom: 1px solid var(--line);
  }

  h2 {
    min-width: 0;
    overflow: hidden;
    font: 650 15px/22px var(--sans);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .inside {
    flex: 1;
    overflow: auto;
    padding: var(--space-4) var(--space-5) var(--space-6);
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }

  .problem {
    color: var(--bad-text);
    font: var(--meta);
  }
`;
