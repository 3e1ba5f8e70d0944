import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    flex: none;
    padding: 0 var(--space-6) var(--space-4);
  }

  .problem {
    max-width: 784px;
    margin: 0 auto;
    padding: 0 var(--space-2) var(--space-1);
    color: var(--bad-text);
    font: var(--meta);
  }

  form {
    max-width: 784px;
    margin: 0 auto;
    padding: var(--space-1);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-large);
    background: var(--surface-2);
  }

  form:focus-within {
    border-color: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }

  .line {
    display: flex;
    align-items: flex-end;
  }

  .line .icon-button {
    width: 38px;
    height: 38px;
  }

  .about {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: 2px 2px 2px var(--space-3);
    border-bottom: 1px solid var(--line);
    color: var(--text-2);
    font: var(--meta);
  }

  .about span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .about b {
    margin-right: var(--space-1);
    color: var(--text);
    font-weight: var(--medium);
  }

  .about .icon-button {
    width: 30px;
    height: 30px;
  }

  .choices {
    position: absolute;
    z-index: 2;
    bottom: calc(100% - 4px);
    left: 50%;
    width: min(784px, 100% - 2 * var(--space-3));
    padding: var(--space-1);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    background: var(--surface-2);
    box-shadow: var(--shadow);
    transform: translateX(-50%);
  }

  .choices li {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 32px;
    padding: 0 var(--space-3);
    overflow: hidden;
    border-radius: var(--radius);
    cursor: pointer;
    white-space: nowrap;
  }

  .choices li[aria-selected='true'] {
    background: var(--accent-soft);
  }

  /* One to eight lines, by its content where the browser can. */
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 38px;
    max-height: 192px;
    padding: var(--space-2) var(--space-1);
    border: 0;
    background: none;
    font: var(--reading);
    resize: none;
    field-sizing: content;
    scrollbar-width: thin;
  }

  textarea:focus-visible {
    outline: none;
  }

  textarea::placeholder {
    overflow: hidden;
    color: var(--text-3);
    opacity: 1;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .send {
    display: grid;
    place-items: center;
    flex: none;
    width: 38px;
    height: 38px;
    border-radius: 7px;
    background: var(--accent);
    color: var(--on-accent);
    transition: background var(--quick);
  }

  .send:hover {
    background: var(--accent-hover);
  }

  textarea:placeholder-shown ~ .send:not(.ready),
  .send:disabled {
    background: none;
    color: var(--text-3);
  }

  @media (max-width: 699.9px) {
    .emoji {
      display: none;
    }

    :host {
      padding: 0 var(--space-3) var(--space-3);
    }

    textarea {
      font-size: 16px;
    }
  }
`;
