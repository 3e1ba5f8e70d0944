import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    height: 200px;
    --ink: var(--signal);
  }

  .room {
    position: absolute;
    inset: 0;
  }

  .room .u-select {
    background: color-mix(in oklch, var(--accent) 18%, transparent);
  }

  .note {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    padding: var(--space-4);
    color: var(--text-3);
    font: var(--meta);
    text-align: center;
    pointer-events: none;
  }

  .probe {
    display: none;
  }
`;
