const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A day, with its year when that is another one. @param at ms since the Unix epoch */
export function dateOf(at: number, now = Date.now()): string {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayOfYear.format(at);
}

/** A day and the time of day. @param at ms since the Unix epoch */
export function dateAndTimeOf(at: number, now = Date.now()): string {
  return `${dateOf(at, now)}, ${clock.format(at)}`;
}
