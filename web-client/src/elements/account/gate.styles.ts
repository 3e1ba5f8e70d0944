import { css } from 'lit';

export const styles = css`
  main {
    width: min(440px, 100%);
  }

  form {
    display: grid;
  }

  form .field {
    min-height: 44px;
    font-size: 16px;
  }

  form .field[readonly] {
    border-color: var(--line);
    background: var(--surface-1);
    color: var(--text-2);
  }

  .second {
    margin: var(--space-4) 0 var(--space-5);
  }

  form .button {
    min-height: 44px;
    font: var(--reading);
    font-weight: var(--medium);
  }

  h1,
  header p {
    overflow-wrap: anywhere;
  }
`;
