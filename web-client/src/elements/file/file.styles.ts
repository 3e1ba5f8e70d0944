import { css } from 'lit';

export const styles = css`
  .file {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    max-width: 100%;
    min-height: 40px;
    margin: 2px 0;
    padding: 6px 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-2);
    color: var(--text);
    text-decoration: none;
  }

  a.file:hover {
    border-color: var(--line-strong);
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .quiet {
    flex: none;
  }

  .picture {
    display: block;
    width: fit-content;
    max-width: 100%;
    margin: var(--space-1) 0;
    border-radius: var(--radius);
  }

  img {
    display: block;
    max-width: 100%;
    border-radius: var(--radius);
    background: var(--surface-1);
    box-shadow: 0 0 0 1px var(--line);
    object-fit: cover;
  }
`;
