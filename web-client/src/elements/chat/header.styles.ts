import { css } from 'lit';

export const styles = css`
  :host {
    height: auto;
    flex: none;
  }

  h1 {
    display: flex;
    align-items: baseline;
  }

  .hash {
    margin-right: 2px;
    color: var(--text-3);
    font-weight: 450;
  }

  .topic {
    overflow: hidden;
    color: var(--text-2);
    font: var(--meta);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .faces {
    padding: 3px var(--space-2);
    border-color: transparent;
    background: none;
  }

  [aria-expanded='true'] {
    background: var(--surface-1);
  }
`;
