import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    flex: none;
    gap: var(--space-2);
    padding: var(--space-4) var(--space-5) var(--space-2);
  }

  .filters {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    font: var(--meta);
  }

  .filters .field {
    width: 132px;
    font: var(--meta);
  }

  label {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    overflow: hidden;
    color: var(--text-2);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .inside {
    padding-top: var(--space-2);
  }

  li a {
    display: grid;
    gap: 2px;
    margin: 0 calc(-1 * var(--space-2));
    padding: var(--space-2);
    border-radius: var(--radius);
    color: var(--text);
    text-decoration: none;
  }

  li a:hover {
    background: var(--surface-hover);
  }

  .meta {
    display: flex;
    gap: var(--space-2);
    color: var(--text-3);
    font: var(--meta);
  }

  .meta b {
    color: var(--text-2);
    font-weight: var(--medium);
  }

  time {
    margin-left: auto;
    white-space: nowrap;
  }

  .said {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow-wrap: anywhere;
  }
`;
