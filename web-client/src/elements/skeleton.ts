import { css, html } from 'lit';
import type { TemplateResult } from 'lit';

/** The shape of entries that are coming; it appears only when it takes a while. */
export function skeleton(): TemplateResult {
  const widths = ['w1', 'w2', 'w3', 'w1'];
  return html`<div class="skeleton" role="status">
    <span class="visually-hidden">Loading messages …</span>
    ${widths.map((width) => html`<div class="ghost"><i></i><span class="short"></span><span class=${width}></span></div>`)}
  </div>`;
}

export const skeletonStyles = css`
  .skeleton {
    display: grid;
    gap: var(--space-5);
    padding: var(--space-4) 0;
    animation: appear 1ms 150ms both;
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  .ghost {
    display: grid;
    grid-template-columns: 36px 1fr;
    gap: var(--space-2) var(--space-3);
  }

  .ghost > * {
    height: 12px;
    border-radius: 6px;
    background: var(--line);
  }

  .ghost i {
    grid-row: span 2;
    height: 36px;
    border-radius: 50%;
  }

  .short {
    width: 88px;
  }

  .w1 {
    width: 72%;
  }

  .w2 {
    width: 46%;
  }

  .w3 {
    width: 88%;
  }
`;
