import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';

/** Strokes on a grid of 20, drawn for this page. */
const strokes = {
  chat: svg`<path d="M4 4.500h12a1.500 1.500 0 0 1 1.500 1.500v7a1.500 1.500 0 0 1-1.500 1.500H9.500L6 17.500v-3H4A1.500 1.500 0 0 1 2.500 13V6A1.500 1.500 0 0 1 4 4.500z"/>`,
  devices: svg`<rect x="5.500" y="5.500" width="9" height="9" rx="2"/><path d="M8 5.500v-3M12 5.500v-3M8 17.500v-3M12 17.500v-3M5.500 8h-3M5.500 12h-3M17.500 8h-3M17.500 12h-3"/>`,
  topics: svg`<path d="M4 3v11.500a1.500 1.500 0 0 0 1.500 1.500H9M4 8.500h5"/><circle cx="12" cy="8.500" r="2.500"/><circle cx="12" cy="16" r="2.500" /><path d="M15.500 3h-11"/>`,
  hub: svg`<circle cx="10" cy="10" r="2.500"/><path d="M10 2.500v5M10 12.500v5M3.500 6.250l4.300 2.500M12.200 11.250l4.300 2.500M3.500 13.750l4.300-2.500M12.200 8.750l4.300-2.500"/>`,
  send: svg`<path d="M10 16V4.500M5 9.250l5-5 5 5"/>`,
  back: svg`<path d="M12 4.500L6.500 10l5.500 5.500"/>`,
  people: svg`<circle cx="7.500" cy="7" r="3"/><path d="M2 16.500c.400-3 2.600-4.500 5.500-4.500s5.100 1.500 5.500 4.500M13 4.300a3 3 0 0 1 0 5.400M15 12.400c1.700.700 2.700 2.100 3 4.100"/>`,
  close: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
  plus: svg`<path d="M10 4v12M4 10h12"/>`,
  clock: svg`<circle cx="10" cy="10" r="7"/><path d="M10 6v4.250l2.750 1.750"/>`,
  alert: svg`<circle cx="10" cy="10" r="7.250"/><path d="M10 6v4.750M10 13.750v.01"/>`,
  note: svg`<circle cx="10" cy="10" r="7.250"/><path d="M10 14V9.250M10 6.250v.01"/>`,
  copy: svg`<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 4.500A1.500 1.500 0 0 0 11.500 3h-7A1.500 1.500 0 0 0 3 4.500v7A1.500 1.500 0 0 0 4.500 13"/>`,
  check: svg`<path d="M4 10.500l4 4 8-9"/>`,
  pause: svg`<path d="M7 4.500v11M13 4.500v11"/>`,
  play: svg`<path d="M6.500 4.250l8.500 5.750-8.500 5.750z"/>`,
  clear: svg`<path d="M3.500 5.500h13M8 5.500V3.500h4v2M5.500 5.500l.700 11h7.600l.700-11"/>`,
  publish: svg`<path d="M17 3L2.500 8.500l6 2.500L11 17.500z M17 3l-8.500 8"/>`,
  down: svg`<path d="M10 4v11.500M5 10.750l5 5 5-5"/>`,
  file: svg`<path d="M5 2.750h6.500L15.500 7v10.250H5zM11.500 2.750V7h4"/>`,
  leave: svg`<path d="M8 3.500H4.500v13H8M12.500 6.500L16 10l-3.500 3.500M16 10H8"/>`,
  reply: svg`<path d="M8 5L3.500 9.500 8 14M3.500 9.500H12a4 4 0 0 1 4 4V15"/>`,
  thermostat: svg`<path d="M8 11.500V4.500a2 2 0 1 1 4 0v7a3.500 3.500 0 1 1-4 0zM10 8v6.500"/>`,
  lamp: svg`<path d="M7.500 14.500h5M8.500 17.500h3M7.500 14.500c0-2-2.500-3-2.500-6.500a5 5 0 0 1 10 0c0 3.500-2.500 4.500-2.500 6.500"/>`,
  meter: svg`<path d="M3.500 14.500a7 7 0 1 1 13 0M10 12l3-4.500"/><circle cx="10" cy="12.500" r="1"/>`,
  door: svg`<path d="M5 17V3h10v14M3 17h14M12 10v.500"/>`,
  motor: svg`<circle cx="10" cy="10" r="3"/><path d="M10 3v4M16.100 13.500l-3.500-2M3.900 13.500l3.500-2"/><circle cx="10" cy="10" r="7.250"/>`,
  bot: svg`<rect x="4" y="7" width="12" height="9" rx="2.500"/><path d="M10 7V3.500M7.750 11v1M12.250 11v1"/>`,
  chip: svg`<rect x="5.500" y="5.500" width="9" height="9" rx="2"/><path d="M8 5.500v-3M12 5.500v-3M8 17.500v-3M12 17.500v-3M5.500 8h-3M5.500 12h-3M17.500 8h-3M17.500 12h-3"/>`,
} as const;

export type IconName = keyof typeof strokes;

/** A decorative drawing in the colour of its text: what it means is said beside it or by the button around it. */
export function icon(name: IconName, size = 20): TemplateResult {
  return html`<svg
    viewBox="0 0 20 20"
    width=${size}
    height=${size}
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${strokes[name]}
  </svg>`;
}

/** The product's mark: a person and a machine at one table. */
export function logo(size: number): TemplateResult {
  return html`<img src="/favicon.svg" width=${size} height=${size} alt="" />`;
}
