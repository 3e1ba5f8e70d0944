import type { Row } from './compare.ts';

const head = ['way', 'received', 'latency p50', 'p99', 'longest', 'requests', 'bytes in', 'bytes out'];

/** One line per way, in columns. */
export function compareTable(rows: readonly Row[]): string[] {
  const cells = rows.map(({ way, received, latencyMs: ms, requests, bytesIn, bytesOut }) => [
    way,
    String(received),
    time(ms.p50),
    time(ms.p99),
    time(ms.max),
    String(requests),
    bytesIn.toLocaleString('en-US'),
    bytesOut.toLocaleString('en-US'),
  ]);
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

function time(ms: number): string {
  return Number.isNaN(ms) ? 'none' : `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
