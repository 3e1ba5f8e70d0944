import { css } from 'lit';

export const styles = css`
  nav {
    display: flex;
    flex: none;
    gap: var(--space-1);
    overflow-x: auto;
    padding: var(--space-2) calc(var(--space-6) - var(--space-3));
    border-bottom: 1px solid var(--line);
    scrollbar-width: none;
  }

  nav a {
    flex: none;
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius);
    color: var(--text-2);
    font: var(--meta);
    font-weight: var(--medium);
    text-decoration: none;
    transition: background var(--quick);
  }

  nav a:focus-visible {
    outline-offset: -2px;
  }

  nav a:hover {
    background: var(--surface-hover);
    color: var(--text);
  }

  nav a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent);
  }

  @media (max-width: 699.9px) {
    nav {
      padding-inline: var(--space-2);
    }

    nav a {
      padding-block: 13px;
    }
  }
`;
