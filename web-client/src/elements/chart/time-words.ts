const withSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const withMinutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const withDay = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Marks of a time axis, as fine as the steps between them. Seconds since the Unix epoch. */
export function timeWords(splits: readonly number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  const format = step >= 86_400 ? day : step < 60 ? withSeconds : span > 86_400 ? withDay : withMinutes;
  return splits.map((seconds) => format.format(seconds * 1000));
}
