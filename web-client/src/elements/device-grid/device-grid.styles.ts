import { css } from 'lit';

export const styles = css`
  :host {
    flex: 1;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
    --across: 24px;
  }

  .room {
    position: relative;
    height: calc(var(--lines, 0) * 268px + 32px);
  }

  /* One height for all cards: where each stands is known without laying out the thousands before it. */
  ul {
    position: absolute;
    inset: var(--across) var(--across) auto;
    display: grid;
    grid-auto-rows: 252px;
    grid-template-columns: repeat(var(--columns, 1), minmax(0, 1fr));
    gap: 16px;
    transform: translateY(calc(var(--first, 0) * 268px));
  }

  @media (max-width: 699.9px) {
    :host {
      --across: 16px;
    }
  }
`;
