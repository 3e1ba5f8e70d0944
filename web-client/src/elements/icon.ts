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
  smile: svg`<circle cx="10" cy="10" r="7.250"/><path d="M7 11.750c.700 1.200 1.700 1.750 3 1.750s2.300-.550 3-1.750M7.500 7.750v.010M12.500 7.750v.010"/>`,
  edit: svg`<path d="M3.500 16.500l.700-3.200L13.500 4a1.600 1.600 0 0 1 2.300 0l.200.200a1.600 1.600 0 0 1 0 2.300L6.700 15.800zM12 5.500l2.500 2.500"/>`,
  link: svg`<path d="M8.500 11.500a3 3 0 0 0 4.300 0l2.900-2.900a3 3 0 0 0-4.300-4.300l-1.200 1.200M11.500 8.500a3 3 0 0 0-4.300 0l-2.900 2.900a3 3 0 0 0 4.300 4.300l1.200-1.200"/>`,
  search: svg`<circle cx="9" cy="9" r="5.500"/><path d="M13 13l4 4"/>`,
  lock: svg`<rect x="4.500" y="9" width="11" height="8" rx="2"/><path d="M7 9V6.500a3 3 0 0 1 6 0V9"/>`,
  mute: svg`<path d="M4 8v4h3l4 3.500v-11L7 8zM14 8l3.500 4M17.500 8L14 12"/>`,
  clip: svg`<path d="M15.500 9.500l-5.700 5.700a3.300 3.300 0 0 1-4.700-4.700l6-6a2.200 2.200 0 0 1 3.100 3.100l-5.800 5.800a1 1 0 0 1-1.500-1.500l5.200-5.200"/>`,
  sun: svg`<circle cx="10" cy="10" r="3.250"/><path d="M10 2.500v1.750M10 15.750v1.750M2.500 10h1.750M15.750 10h1.750M4.700 4.700l1.200 1.200M14.100 14.100l1.200 1.200M4.700 15.300l1.200-1.200M14.100 5.900l1.200-1.200"/>`,
  moon: svg`<path d="M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z"/>`,
  gear: svg`<path d="M3 6h6M13 6h4M3 14h3M10 14h7"/><circle cx="11" cy="6" r="2"/><circle cx="8" cy="14" r="2"/>`,
  calendar: svg`<rect x="3.500" y="4.500" width="13" height="12" rx="2"/><path d="M3.500 8.500h13M7 2.500v4M13 2.500v4"/>`,
  phone: svg`<rect x="6" y="2.500" width="8" height="15" rx="2"/><path d="M9 14.500h2"/>`,
  keyboard: svg`<rect x="2.500" y="5" width="15" height="10" rx="2"/><path d="M5.500 8v.010M8.500 8v.010M11.500 8v.010M14.500 8v.010M6.500 12h7"/>`,
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
