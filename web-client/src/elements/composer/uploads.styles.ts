import { css } from 'lit';

export const styles = css`
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-2) var(--space-1);
  }

  li {
    position: relative;
    display: flex;
    align-items: center;
    gap: var(--space-2);
    max-width: min(320px, 100%);
    min-height: 44px;
    padding: 3px 3px 3px var(--space-2);
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
    font: var(--meta);
  }

  li.failed {
    flex-wrap: wrap;
    border-color: var(--bad);
  }

  img {
    flex: none;
    width: 36px;
    height: 36px;
    margin-left: -4px;
    border-radius: 4px;
    object-fit: cover;
  }

  .sign {
    color: var(--text-2);
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .quiet {
    flex: none;
  }

  .why {
    color: var(--bad-text);
    overflow-wrap: anywhere;
  }

  .icon-button {
    width: 28px;
    height: 28px;
  }

  progress {
    position: absolute;
    right: 0;
    bottom: 0;
    left: 0;
    width: 100%;
    height: 3px;
    border: 0;
    appearance: none;
    background: var(--line);
    color: var(--accent);
  }

  progress::-webkit-progress-bar {
    background: var(--line);
  }

  progress::-webkit-progress-value,
  progress::-moz-progress-bar {
    background: var(--accent);
  }
`;
