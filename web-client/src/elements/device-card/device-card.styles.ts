import { css } from 'lit';

export const styles = css`
  :host {
    height: 100%;
  }

  article {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden;
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    --mark-behind: var(--surface-2);
  }

  .head {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    border-radius: var(--radius);
    color: inherit;
    text-decoration: none;
  }

  .titles {
    display: grid;
    flex: 1;
    min-width: 0;
  }

  .name,
  .model {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name {
    font-weight: 600;
  }

  .head:hover .name {
    color: var(--accent);
  }

  .model,
  .standing {
    color: var(--text-2);
    font: var(--meta);
  }

  .standing {
    align-self: flex-start;
    max-width: 45%;
    margin-top: 2px;
    color: var(--text-3);
    font: var(--label);
    line-height: 20px;
    text-align: end;
  }

  .readings {
    display: grid;
    flex: 1;
    align-content: start;
    gap: var(--space-1);
    min-height: 60px;
    margin-top: var(--space-3);
  }

  .reading {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 72px minmax(84px, auto);
    align-items: center;
    gap: var(--space-3);
    min-height: 28px;
  }

  .metric {
    overflow: hidden;
    color: var(--text-2);
    font: var(--meta);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .value {
    max-width: 132px;
    overflow: hidden;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  small {
    margin-left: 3px;
    color: var(--text-2);
    font: var(--label);
  }

  .age {
    overflow: hidden;
    color: var(--text-3);
    font: var(--label);
    text-align: end;
    white-space: nowrap;
  }

  .old .value,
  .offline .value,
  .stale .value {
    color: var(--text-2);
  }

  .offline parley-spark,
  .stale parley-spark {
    opacity: 0.5;
  }

  .stale parley-mark {
    filter: grayscale(1);
  }

  parley-command {
    margin-top: var(--space-3);
    padding-top: var(--space-2);
    border-top: 1px solid var(--line);
  }
`;
