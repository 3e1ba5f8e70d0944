import { css } from 'lit';

export const styles = css`
  :host {
    --mark-behind: var(--surface-1);
  }

  li > a {
    gap: var(--space-3);
  }

  .room {
    position: relative;
    height: calc(var(--lines, 0) * 37px);
    margin-top: 1px;
  }

  .near {
    position: absolute;
    inset: 0 0 auto;
    transform: translateY(calc(var(--first, 0) * 37px));
  }

  li > a {
    height: 36px;
  }

  .all {
    display: grid;
    place-items: center;
    width: 24px;
  }
`;
