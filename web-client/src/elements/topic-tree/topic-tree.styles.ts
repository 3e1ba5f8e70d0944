import { css, unsafeCSS } from 'lit';

/** Indentation without style attributes, which the page's policy forbids; deeper levels stay where the last one is. */
const indents = Array.from(
  { length: 13 },
  (_, depth) => `[data-depth='${depth}'] { padding-left: ${8 + depth * 14}px; }`,
);

export const styles = css`
  :host {
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }

  .tree {
    position: relative;
    height: calc(var(--lines, 0) * 28px);
    min-height: 100%;
  }

  .tree:focus-visible {
    outline-offset: -2px;
  }

  .lines {
    position: absolute;
    inset: 0 0 auto;
    transform: translateY(calc(var(--first, 0) * 28px));
  }

  .line {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    height: 28px;
    padding-right: var(--space-3);
    cursor: default;
    user-select: none;
  }

  .line:hover {
    background: var(--surface-hover);
  }

  .line[aria-selected='true'] {
    background: var(--accent-soft);
  }

  /* The quietest text is too faint on what is chosen. */
  .line[aria-selected='true'] :is(.preview, .count, .rate) {
    color: var(--text-2);
  }

  .tree:focus-visible .active {
    box-shadow: inset 2px 0 var(--accent);
  }

  .twist {
    display: grid;
    flex: none;
    place-items: center;
    width: 16px;
    height: 28px;
    color: var(--text-3);
  }

  .twist::before {
    width: 6px;
    height: 6px;
    border-right: 1.5px solid currentcolor;
    border-bottom: 1.5px solid currentcolor;
    rotate: -45deg;
    transition: rotate var(--quick);
    content: '';
  }

  .line[aria-expanded='true'] .twist::before {
    rotate: 45deg;
  }

  .leaf::before {
    content: none;
  }

  .name {
    flex: 0 1 auto;
    overflow: hidden;
    font: var(--payload);
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }

  .name i {
    color: var(--text-3);
  }

  .kept {
    flex: none;
    width: 6px;
    height: 6px;
    border-radius: 1.5px;
    background: var(--accent);
  }

  .preview {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    color: var(--text-3);
    font: var(--payload);
    font-size: 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }

  .count,
  .rate {
    flex: none;
    color: var(--text-3);
    font: var(--label);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }

  .count {
    min-width: 36px;
  }

  .rate {
    min-width: 44px;
    color: var(--text-2);
    transition: color 600ms ease-out;
  }

  .fresh .rate {
    color: var(--signal-text, var(--signal));
    transition: none;
  }

  @media (prefers-reduced-motion: reduce) {
    .rate {
      transition: none;
    }
  }

  @media (pointer: coarse) {
    .tree {
      height: calc(var(--lines, 0) * 40px);
    }

    .lines {
      transform: translateY(calc(var(--first, 0) * 40px));
    }

    .line,
    .twist {
      height: 40px;
    }
  }

  ${unsafeCSS(indents.join('\n'))}
`;
