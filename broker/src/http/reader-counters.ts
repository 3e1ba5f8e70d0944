/** What is counted of all who read over HTTP as it comes. */
export interface ReaderCounters {
  /** Gauge: readers of Server-Sent Events connected. */
  open: number;
  /** Readers that were too slow. */
  dropped: number;
  sent: number;
  /** Gauge: long polls that wait. */
  polls: number;
}

export function readerCounters(): ReaderCounters {
  return { open: 0, dropped: 0, sent: 0, polls: 0 };
}
