const unitsInMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The longest a Node timer can wait. */
const longestMs = 2 ** 31 - 1;

/** Milliseconds of `500ms`, `2s`, `1.5m` or `1h`; undefined when it is none of these, is nothing, or passes 24 days. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (unitsInMs[unit ?? ''] ?? NaN);
  return ms > 0 && ms <= longestMs ? ms : undefined;
}
