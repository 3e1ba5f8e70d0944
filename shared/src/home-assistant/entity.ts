import type { Json } from '../codecs/json.ts';

/** One entity before it has its name, its device and its topic. */
export interface Entity {
  /** `sensor`, `switch` …; the first level of its topic. */
  readonly component: string;
  /** What it is of that device: a metric, or a command and its property. */
  readonly object: string;
  /** A metric that it shows as well, which then needs no sensor of its own. */
  readonly metric?: string;
  readonly config: Record<string, Json>;
}
