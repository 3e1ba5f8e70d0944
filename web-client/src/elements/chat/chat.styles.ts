import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
  }

  .typing {
    flex: none;
    width: 100%;
    max-width: 784px;
    height: 20px;
    margin: 0 auto;
    padding: 0 var(--space-3);
    overflow: hidden;
    color: var(--text-3);
    font: var(--label);
    line-height: 20px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .told {
    display: flex;
    flex: none;
    align-items: center;
    width: 100%;
    max-width: 784px;
    margin: 0 auto;
    padding: 0 var(--space-3);
    color: var(--text-2);
    font: var(--meta);
  }

  .told.bad {
    color: var(--bad-text);
  }

  .told .icon-button {
    width: 28px;
    height: 28px;
  }

  .drop {
    position: absolute;
    z-index: 3;
    inset: var(--space-2);
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-3);
    border: 2px dashed var(--accent);
    border-radius: var(--radius-large);
    background: color-mix(in oklch, var(--surface-0) 85%, transparent);
    font: var(--title);
    pointer-events: none;
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
