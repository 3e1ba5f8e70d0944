import { css } from 'lit';

export const styles = css`
  .me {
    border-radius: 50%;
  }

  .menu {
    position: fixed;
    inset: auto auto 44px 60px;
    width: 248px;
    margin: 0;
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    box-shadow: var(--shadow);
    color: var(--text);
  }

  .menu .name {
    overflow-wrap: anywhere;
    font-weight: 650;
  }

  .menu .button {
    justify-content: flex-start;
    width: 100%;
    margin-top: var(--space-2);
  }

  fieldset {
    padding: var(--space-2) 0;
  }

  legend {
    padding: var(--space-3) 0 0;
  }

  label {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 30px;
    font: var(--meta);
  }

  @media (max-width: 699.9px) {
    .menu {
      inset: 56px 12px auto auto;
    }
  }
`;
