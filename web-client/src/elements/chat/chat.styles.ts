import { css } from 'lit';

export const styles = css`
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

  .faces[aria-expanded='true'] {
    background: var(--surface-1);
  }

  .first {
    display: grid;
    gap: var(--space-3);
    padding-bottom: var(--space-6);
    color: var(--text-2);
    overflow-wrap: anywhere;
  }

  .first h2 {
    color: var(--text);
    font: var(--title);
  }

  .first parley-copy {
    min-width: 0;
  }

  .older,
  .beginning {
    padding: var(--space-2) 0;
    text-align: center;
  }

  .problem {
    display: grid;
    justify-items: start;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
    padding: var(--space-4);
    border-radius: var(--radius-large);
    background: var(--bad-soft);
  }
`;
