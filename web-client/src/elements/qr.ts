import { css, html, svg } from 'lit';
import { encode } from 'uqr';

export const qrStyles = css`
  /* Dark on light in every theme: cameras want it so. */
  .code {
    width: min(240px, 70vw);
    height: auto;
    padding: 16px;
    border-radius: var(--radius);
    background: oklch(100% 0 0);
    color: oklch(0% 0 0);
  }
`;

/** A text as a QR code. */
export function qr(text: string) {
  const { data, size } = encode(text, { border: 0 });
  const path = data.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return html`<svg
    class="code"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label=${`QR code of ${text}`}
    shape-rendering="crispEdges"
  >
    ${svg`<path fill="currentColor" d=${path} />`}
  </svg>`;
}
