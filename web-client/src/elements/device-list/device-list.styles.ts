import { css } from 'lit';

export const styles = css`
  :host {
    --mark-behind: var(--surface-1);
  }

  li > a {
    gap: var(--space-3);
  }

  .all {
    display: grid;
    place-items: center;
    width: 24px;
  }
`;
