import { css } from 'lit';

export const styles = css`
  .two {
    display: grid;
    min-width: 0;
    padding: var(--space-1) 0;
  }

  .mono {
    color: var(--text);
    overflow-wrap: anywhere;
  }
`;
