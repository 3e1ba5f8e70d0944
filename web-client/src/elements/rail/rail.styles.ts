import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: var(--space-4);
    padding: 14px 0 var(--space-3);
    border-right: 1px solid var(--line);
    background: var(--surface-1);
  }

  nav {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: var(--space-1);
    margin-top: var(--space-2);
  }

  a {
    display: grid;
    justify-items: center;
    gap: 2px;
    width: 56px;
    padding: 6px 0;
    border-radius: var(--radius);
    color: var(--text-2);
    font: 500 11px/14px var(--sans);
    text-decoration: none;
    transition: background var(--quick);
  }

  a:hover {
    background: var(--surface-hover);
    color: var(--text);
  }

  a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent);
  }

  .glyph {
    position: relative;
  }

  .dot {
    position: absolute;
    top: -2px;
    right: -5px;
    width: 9px;
    height: 9px;
    border: 2px solid var(--surface-1);
    border-radius: 50%;
    background: var(--accent);
  }

  @media (max-width: 699.9px) {
    :host {
      padding: 0 0 env(safe-area-inset-bottom);
      border-top: 1px solid var(--line);
      border-right: 0;
    }

    .logo,
    parley-me {
      display: none;
    }

    nav {
      display: grid;
      grid-template-columns: repeat(4, 1fr);
      width: 100%;
      margin: 0;
      padding: var(--space-1) var(--space-2);
    }

    a {
      width: auto;
    }
  }
`;
