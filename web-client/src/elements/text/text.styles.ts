import { css } from 'lit';

/** Words of people: plain, or with Markdown in them. */
export const textStyles = css`
  .words {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  p.words,
  .notice .words,
  .rich p {
    white-space: pre-wrap;
  }

  .rich .heading,
  .rich strong {
    font-weight: 650;
  }

  .rich ul,
  .rich ol {
    padding-inline-start: 22px;
    list-style: disc;
  }

  .rich ol {
    list-style: decimal;
  }

  .rich code {
    padding: 1px 4px;
    border-radius: 4px;
    background: var(--surface-1);
    box-shadow: inset 0 0 0 1px var(--line);
    font: var(--payload);
  }

  .rich .code {
    max-height: 360px;
    overflow: auto;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface-1);
    scrollbar-width: thin;
  }

  .rich .code code {
    padding: 0;
    background: none;
    box-shadow: none;
    overflow-wrap: normal;
    white-space: pre;
  }

  .rich blockquote {
    margin: 0;
    padding: 1px 0;
    padding-inline-start: var(--space-3);
    border-inline-start: 3px solid var(--line);
    color: var(--text-2);
  }

  .rich hr {
    border: 0;
    border-top: 1px solid var(--line);
  }

  .rich .table {
    overflow: auto;
    scrollbar-width: thin;
  }

  .rich table {
    border-collapse: collapse;
    font: var(--meta);
  }

  .rich th,
  .rich td {
    padding: var(--space-1) var(--space-3);
    border: 1px solid var(--line);
    text-align: start;
  }

  .rich > * + * {
    margin-top: 6px;
  }

  .mention {
    padding: 0 3px;
    border-radius: 4px;
    background: var(--surface-1);
    font-weight: var(--medium);
  }

  .mention.me {
    background: var(--accent-soft);
    color: var(--accent);
  }
`;
