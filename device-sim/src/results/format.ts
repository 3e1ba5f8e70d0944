/** `0.42 ms`, `12 ms`, `3.4 s`, `2 min`: three digits, as a person would say it. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${digits(ms)} ms`;
  return ms < 60_000 ? `${digits(ms / 1000)} s` : `${digits(ms / 60_000)} min`;
}

function digits(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

export interface Column {
  readonly title: string;
  readonly isRight?: boolean;
}

/** Rows under their titles, as wide as they need. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (columns[index]!.isRight ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}
