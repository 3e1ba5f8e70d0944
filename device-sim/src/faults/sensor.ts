import type { FlatTelemetry } from '@parley/shared';
import type { Fault } from '../scenario/faults.ts';

type Kind<Name extends Fault['kind']> = Extract<Fault, { kind: Name }>;

/** A sensor that goes on saying what it said when the fault began. */
export class StuckSensor {
  #held: FlatTelemetry | undefined;

  sense({ metric }: Kind<'stuck'>, readings: FlatTelemetry): FlatTelemetry {
    this.#held ??= readings;
    return metric === undefined ? this.#held : { ...readings, [metric]: this.#held[metric] ?? readings[metric]! };
  }

  free(): void {
    this.#held = undefined;
  }
}

/** @param ms how long it has drifted */
export function drifted({ metric, perHour }: Kind<'drift'>, readings: FlatTelemetry, ms: number): FlatTelemetry {
  const off = (perHour * ms) / 3_600_000;
  const entries = Object.entries(readings).map(([name, value]): [string, FlatTelemetry[string]] => {
    const isMeant = typeof value === 'number' && (metric === undefined || metric === name);
    return [name, isMeant ? Number((value + off).toPrecision(12)) : value];
  });
  return Object.fromEntries(entries);
}
