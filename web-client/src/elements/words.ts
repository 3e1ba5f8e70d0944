import { visible } from '../state/topics/visible.ts';

/** Numbers, times and units as they are read. */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const dayOfWeek = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export function timeOf(at: number): string {
  return clock.format(at);
}

export function preciseTimeOf(at: number): string {
  return clockWithSeconds.format(at);
}

export function momentOf(at: number): string {
  return moment.format(at);
}

export function dayOf(at: number, now = Date.now()): string {
  const day = new Date(at);
  if (day.toDateString() === new Date(now).toDateString()) return 'Today';
  if (day.toDateString() === new Date(now - 86_400_000).toDateString()) return 'Yesterday';
  return day.getFullYear() === new Date(now).getFullYear() ? dayOfWeek.format(at) : dayOfYear.format(at);
}

/** "just now", "3 min ago", then the time or the day. */
export function agoOf(at: number, now = Date.now()): string {
  const seconds = (now - at) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const day = dayOf(at, now);
  return day === 'Today' ? timeOf(at) : day;
}

/** A value as it is read; a metric called `on` is on or off, any other truth is yes or no. */
export function valueOf(value: number | boolean | string, metric = ''): string {
  if (typeof value === 'number') return Number.isFinite(value) ? number.format(value) : String(value);
  if (typeof value !== 'boolean') return visible(value);
  if (metric === 'on') return value ? 'on' : 'off';
  return value ? 'yes' : 'no';
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });

/** A number that has room for some eight characters: `12.3M`, `1e+300`; anything else as {@link valueOf}. */
export function shortValueOf(value: number | boolean | string, metric = ''): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return valueOf(value, metric);
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 0.01)) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return size >= 1e6 ? compact.format(value) : valueOf(value, metric);
}

/** SenML's units (RFC 8428 §12.1) as people write them. */
const units: Readonly<Record<string, string>> = {
  Cel: '°C',
  '%RH': '% RH',
  lx: 'lux',
  deg: '°',
  m3: 'm³',
  'm/s2': 'm/s²',
  'W/m2': 'W/m²',
};

export function unitOf(unit: string | undefined): string {
  if (unit === undefined || unit === '') return '';
  return Object.hasOwn(units, unit) ? units[unit]! : unit;
}

/** `set_target` and `targetTemperature` as words. */
export function labelOf(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()
    .trim();
  return visible(words.charAt(0).toUpperCase() + words.slice(1));
}

export function count(many: number, one: string, several = `${one}s`): string {
  return `${number.format(many)} ${many === 1 ? one : several}`;
}

export function bytesOf(size: number): string {
  if (size < 1024) return count(size, 'byte');
  return size < 1024 * 1024 ? `${number.format(size / 1024)} KiB` : `${number.format(size / 1024 / 1024)} MiB`;
}

/** A hue of one's own, the same on every screen. */
export function hueOf(name: string): number {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  // Short names differ in few bits: spread them over the circle.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) % 360;
}

/** One or two letters: of the first two words, or the first two of one word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s_-]+/).filter((word) => word !== '');
  const [first = '?', second] = words;
  return (second === undefined ? first.slice(0, 2) : first.charAt(0) + second.charAt(0)).toUpperCase();
}
