import { css } from 'lit';

/** What every element starts from. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  pre,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  a {
    color: var(--accent);
    text-underline-offset: 2px;
  }

  svg {
    display: block;
    flex: none;
  }

  :focus {
    outline: none;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .quiet {
    color: var(--text-3);
    font: var(--meta);
  }

  .mono {
    font: var(--payload);
    overflow-wrap: anywhere;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Buttons and fields. */
export const controls = css`
  button,
  input,
  select,
  textarea {
    margin: 0;
    color: inherit;
    font: inherit;
  }

  input {
    accent-color: var(--accent);
  }

  button {
    padding: 0;
    border: 0;
    background: none;
    cursor: pointer;
  }

  button:disabled {
    cursor: default;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: 36px;
    padding: 0 var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-2);
    font: var(--meta);
    font-weight: var(--medium);
    white-space: nowrap;
    text-decoration: none;
    color: var(--text);
    transition: background var(--quick);
  }

  .button:hover:not(:disabled) {
    background: var(--surface-hover);
  }

  .button:disabled {
    color: var(--text-3);
  }

  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  .button.primary:hover:not(:disabled) {
    background: var(--accent-hover);
  }

  .button.primary:disabled {
    background: var(--surface-1);
    color: var(--text-3);
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 36px;
    height: 36px;
    border-radius: var(--radius);
    color: var(--text-2);
    transition: background var(--quick);
  }

  .icon-button:hover:not(:disabled) {
    background: var(--surface-hover);
    color: var(--text);
  }

  .link {
    color: var(--accent);
    font-weight: var(--medium);
    text-decoration: underline;
    text-decoration-color: color-mix(in oklch, currentcolor 40%, transparent);
    text-underline-offset: 2px;
  }

  .link:hover {
    text-decoration-color: currentcolor;
  }

  .field {
    width: 100%;
    min-height: 36px;
    padding: 6px var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface-2);
    font: var(--reading);
  }

  .field:focus-visible {
    outline-offset: 0;
    border-color: transparent;
  }

  .field::placeholder {
    color: var(--text-3);
    opacity: 1;
  }

  .field.mono {
    font: var(--payload);
  }

  textarea.field {
    resize: vertical;
  }

  .label {
    display: block;
    margin-bottom: var(--space-1);
    color: var(--text-2);
    font: var(--label);
    font-weight: var(--medium);
  }
`;

/** A page of main: header above, what scrolls below. */
export const page = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    height: 100%;
  }

  .bar {
    display: flex;
    flex: none;
    align-items: center;
    gap: var(--space-3);
    min-height: 56px;
    padding: var(--space-2) var(--space-6);
    border-bottom: 1px solid var(--line);
  }

  .bar h1 {
    overflow: hidden;
    font: var(--title);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .bar .grow {
    flex: 1;
    min-width: 0;
  }

  .back {
    display: none;
    margin-left: calc(-1 * var(--space-2));
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }

  .empty {
    max-width: 480px;
    margin: 15vh auto;
    padding: 0 var(--space-6);
    color: var(--text-2);
    overflow-wrap: anywhere;
    text-align: center;
  }

  .empty h2 {
    margin-bottom: var(--space-2);
    color: var(--text);
    font: var(--title);
  }

  .empty p + * {
    margin-top: var(--space-4);
  }

  @media (max-width: 699.9px) {
    .bar {
      gap: var(--space-2);
      padding: var(--space-2) var(--space-4);
    }

    .back {
      display: inline-grid;
    }
  }
`;
