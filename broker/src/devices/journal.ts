import type { Stage } from '../mqtt/hooks.ts';
import type { Publish } from '../mqtt/admission.ts';
import type { Tables } from '../store/table.ts';
import { JOURNAL } from './tables.ts';

export type Format = 'json' | 'cbor';

/** A payload that was acknowledged and is not recorded yet. */
export interface JournalRow {
  readonly device: string;
  readonly format: Format;
  readonly payload: Uint8Array;
  /** When the hub got it, ms since the Unix epoch. */
  readonly at: number;
}

/**
 * Telemetry that its device was promised (QoS 1 and 2), kept in the commit of its publish as it came. Readings are
 * recorded in groups a little later, and the commit that records one takes it out of here.
 */
export class Journal {
  /** By the message that is routed. */
  readonly #numbers = new WeakMap<object, number>();
  #last = 0;

  constructor(tables: Tables) {
    for (const { key } of tables.range(JOURNAL, { reverse: true, limit: 1 })) this.#last = key[0] as number;
  }

  stage(device: string, format: Format, message: Publish, stage: Stage): void {
    const number = ++this.#last;
    const row: JournalRow = { device, format, payload: message.payload as Buffer, at: Date.now() };
    stage.put(JOURNAL, [number], { ...row });
    this.#numbers.set(message, number);
  }

  numberOf(message: object): number | undefined {
    return this.#numbers.get(message);
  }

  /** What the last run of the hub could not record any more. */
  *left(tables: Tables): Generator<{ number: number; row: JournalRow }> {
    for (const { key, value } of tables.range(JOURNAL)) {
      yield { number: key[0] as number, row: value as unknown as JournalRow };
    }
  }
}
