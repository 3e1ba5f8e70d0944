import { css } from 'lit';

export const styles = css`
  .bar form {
    display: flex;
    flex: 1;
    gap: var(--space-2);
    min-width: 0;
  }

  .bar .field {
    min-width: 0;
  }

  .tools {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-6);
    border-bottom: 1px solid var(--line);
    background: var(--surface-1);
  }

  .tools p {
    flex: 1 1 200px;
    min-width: 0;
    font-variant-numeric: tabular-nums;
  }

  .tools .warn {
    color: var(--text);
  }

  .tools .warn::before {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 6px;
    border: 2px solid var(--warn);
    border-radius: 50%;
    content: '';
  }

  .tools .field {
    flex: 0 1 200px;
    min-height: 32px;
    padding: 2px 10px;
    font: var(--meta);
  }

  .tools .button {
    min-height: 32px;
    font-variant-numeric: tabular-nums;
  }

  .shelf {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-6);
    border-bottom: 1px solid var(--line);
  }

  .saved {
    display: inline-flex;
    max-width: 260px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-2);
  }

  .saved button {
    min-width: 0;
    min-height: 30px;
    padding: 0 10px;
    overflow: hidden;
    border-radius: 5px;
    font: 12px/18px var(--mono);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .saved button:hover {
    background: var(--surface-hover);
  }

  .saved button + button {
    flex: none;
    padding: 0 6px;
    color: var(--text-3);
  }

  .shelf p {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .split {
    display: grid;
    flex: 1;
    grid-template-columns: minmax(280px, 2fr) minmax(0, 3fr);
    min-height: 0;
  }

  .split.publishing {
    grid-template-columns: minmax(240px, 2fr) minmax(0, 3fr) 340px;
  }

  .pane {
    position: relative;
    display: grid;
    min-width: 0;
    min-height: 0;
  }

  .pane + .pane {
    border-left: 1px solid var(--line);
  }

  .hint {
    align-self: start;
    padding: var(--space-8) var(--space-6);
    text-align: center;
  }

  .tries {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-2);
  }

  .tries .button {
    font: var(--payload);
  }

  /* Beside a form there is no room for both: the form takes the place of the message. */
  @media (max-width: 1199.9px) {
    .split.publishing {
      grid-template-columns: minmax(240px, 2fr) minmax(0, 3fr);
    }

    .publishing .message {
      display: none;
    }
  }

  @media (max-width: 1099.9px) {
    .tools .wide {
      display: none;
    }
  }

  @media (max-width: 699.9px) {
    .tools,
    .shelf {
      padding: var(--space-2) var(--space-4);
    }

    .wide {
      display: none;
    }

    .split,
    .split.publishing {
      grid-template-columns: minmax(0, 1fr);
    }

    .split:not(.looking, .publishing) .message,
    .looking .tree,
    .publishing .tree {
      display: none;
    }

    .pane + .pane {
      border-left: 0;
    }
  }

  @media (min-width: 700px) {
    parley-topic-message::part(back) {
      display: none;
    }
  }
`;
