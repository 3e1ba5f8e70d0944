import { css } from 'lit';

export const styles = css`
  .field {
    flex: none;
    min-height: 52px;
    padding: 0 var(--space-5);
    border: 0;
    border-bottom: 1px solid var(--line);
    border-radius: 0;
    font: var(--title);
    font-weight: 450;
  }

  .field:focus-visible {
    outline: none;
    border-color: var(--line);
  }

  ul {
    overflow: auto;
    padding: var(--space-2);
    scrollbar-width: thin;
  }

  li {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-height: 40px;
    padding: 0 var(--space-3);
    border-radius: var(--radius);
    cursor: pointer;
  }

  li svg {
    color: var(--text-3);
  }

  li:hover {
    background: var(--surface-hover);
  }

  li[aria-selected='true'] {
    background: var(--accent-soft);
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .none {
    padding: 0 var(--space-5) var(--space-5);
  }
`;
