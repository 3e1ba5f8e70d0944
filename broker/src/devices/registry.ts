import { topics } from '@parley/shared';
import type { About, DeviceStatus } from '@parley/shared';
import type { Stage } from '../mqtt/hooks.ts';
import type { Tables, Value } from '../store/table.ts';
import { DEVICES, METRICS } from './tables.ts';
import type { LatestRow, Measured, PartRow, Parts } from './tables.ts';

/** A device as `GET /api/devices/:device` gives it. */
export interface Device extends Partial<About> {
  readonly device: string;
  readonly status?: DeviceStatus;
  /** When the hub got the status, ms since the Unix epoch; so with the others. */
  readonly statusAt?: number;
  readonly state?: Value;
  readonly stateAt?: number;
  readonly seenAt: number;
  /** By metric. */
  readonly latest: Readonly<Record<string, { value: Measured; unit?: string; at: number }>>;
}

/** Topics by which a device describes itself, each with its part of the record. */
const described = {
  about: topics.deviceAbout,
  status: topics.deviceStatus,
  state: topics.deviceState,
} as const;

/** Which devices there are and what they said of themselves. Nothing is held in memory. */
export class Registry {
  readonly #store: Tables;
  /** Descriptions that could not be read; they were routed all the same. */
  unreadable = 0;

  constructor(store: Tables) {
    this.#store = store;
  }

  /** Stages what a publish says of its device; an empty payload takes it back, as it does the retained message. */
  note(device: string, part: string, payload: Buffer, stage: Stage): void {
    if (!Object.hasOwn(described, part)) return;
    if (payload.length === 0) return stage.remove(DEVICES, [device, part]);
    try {
      const value = described[part as keyof typeof described].codec.decode(payload) as Value;
      stage.put(DEVICES, [device, part], { value, at: Date.now() });
    } catch {
      this.unreadable++;
    }
  }

  list(): Device[] {
    const devices: Device[] = [];
    let name: string | undefined;
    for (const { key } of this.#store.range(DEVICES)) {
      if (key[0] === name) continue;
      name = String(key[0]);
      devices.push(this.get(name)!);
    }
    return devices;
  }

  get(device: string): Device | undefined {
    const parts: { -readonly [Part in keyof Parts]?: PartRow<Part> } = {};
    let seenAt = 0;
    for (const { key, value } of this.#store.range(DEVICES, { prefix: [device] })) {
      const row = value as unknown as PartRow;
      seenAt = Math.max(seenAt, row.at);
      Object.assign(parts, { [String(key[1])]: row });
    }
    if (seenAt === 0) return undefined;
    const { about, status, state } = parts;
    return {
      device,
      ...about?.value,
      ...(status && { status: status.value, statusAt: status.at }),
      ...(state && { state: state.value, stateAt: state.at }),
      seenAt,
      latest: this.#latest(device),
    };
  }

  #latest(device: string): Device['latest'] {
    const rows = this.#store.range(METRICS, { prefix: [device] });
    const latest = Array.from(rows, ({ key, value }) => [String(key[1]), value as unknown as LatestRow] as const);
    return Object.fromEntries(latest) as Device['latest'];
  }
}
