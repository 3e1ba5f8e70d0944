import type { DeviceWatch, Taken } from './device/device.ts';
import type { Outcome } from './link.ts';
import { Digest } from './results/fingerprint.ts';
import { Histogram } from './results/histogram.ts';
import type { Fault } from './scenario/faults.ts';
import type { Group } from './scenario/schema.ts';

export interface GroupCounts {
  readonly name: string;
  readonly devices: number;
  readonly up: number;
  /** Readings. */
  readonly taken: number;
  /** Messages of every kind; at QoS 1 and 2 once they are acknowledged. */
  readonly published: number;
  readonly errors: number;
}

export interface FleetCounts {
  readonly devices: number;
  readonly up: number;
  /** The most that were up at the same time. */
  readonly mostUp: number;
  readonly taken: number;
  readonly published: number;
  /** Readings that were never sent: their device was offline. */
  readonly unsent: number;
  /** Messages that waited for the broker until there was no room for them. */
  readonly discarded: number;
  readonly answered: number;
  readonly failed: number;
  readonly groups: readonly GroupCounts[];
}

/** Kinds of errors are few; what does not fit is one more kind. */
const mostKinds = 50;

/** Counts everything that happens to a fleet, and passes it on. */
export class Tally implements DeviceWatch {
  /** From the loss of a connection to the next one. */
  readonly reconnect = new Histogram();
  /** How often, by what it was. */
  readonly errors = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly digest = new Digest();
  readonly #groups: { name: string; devices: number; up: number; taken: number; published: number; errors: number }[];
  readonly #watch: Partial<DeviceWatch>;
  readonly #up = new Set<string>();
  readonly #lostAt = new Map<string, number>(); // by device
  #mostUp = 0;
  #taken = 0;
  #published = 0;
  #unsent = 0;
  #discarded = 0;
  #answered = 0;
  #failed = 0;

  constructor(groups: readonly Group[], watch: Partial<DeviceWatch>) {
    this.#groups = groups.map(({ name, count }) => ({
      name,
      devices: count,
      up: 0,
      taken: 0,
      published: 0,
      errors: 0,
    }));
    this.#watch = watch;
  }

  counts(): FleetCounts {
    return {
      devices: this.#groups.reduce((sum, { devices }) => sum + devices, 0),
      up: this.#up.size,
      mostUp: this.#mostUp,
      taken: this.#taken,
      published: this.#published,
      unsent: this.#unsent,
      discarded: this.#discarded,
      answered: this.#answered,
      failed: this.#failed,
      groups: this.#groups,
    };
  }

  up(name: string, group: number): void {
    if (!this.#up.has(name)) this.#groups[group]!.up++;
    this.#up.add(name);
    this.#mostUp = Math.max(this.#mostUp, this.#up.size);
    const lostAt = this.#lostAt.get(name);
    if (lostAt !== undefined) this.reconnect.record(performance.now() - lostAt);
    this.#lostAt.delete(name);
    this.#watch.up?.(name, group);
  }

  down(name: string, group: number, problem?: Error): void {
    if (this.#up.delete(name)) {
      this.#groups[group]!.up--;
      this.#lostAt.set(name, performance.now());
    }
    if (problem) this.#error(problem, group);
    this.#watch.down?.(name, group, problem);
  }

  refused(name: string, group: number, error: Error): void {
    if (this.#up.delete(name)) this.#groups[group]!.up--;
    this.#error(error, group);
    this.#watch.refused?.(name, group, error);
  }

  taken(reading: Taken): void {
    this.#taken++;
    this.#groups[reading.group]!.taken++;
    this.digest.add(reading.device, reading.payload);
    this.#watch.taken?.(reading);
  }

  sending(reading: Taken, isRepeated: boolean): void {
    this.#watch.sending?.(reading, isRepeated);
  }

  published(outcome: Outcome, group: number): void {
    if (outcome === 'lost') this.#discarded++;
    else {
      this.#published++;
      this.#groups[group]!.published++;
    }
    if (outcome === 'refused') this.#count(this.errors, 'publish refused', group);
    this.#watch.published?.(outcome, group);
  }

  unsent(reading: Taken): void {
    this.#unsent++;
    this.#watch.unsent?.(reading);
  }

  answered(ok: boolean): void {
    if (ok) this.#answered++;
    else this.#failed++;
    this.#watch.answered?.(ok);
  }

  fault(name: string, fault: Fault): void {
    this.faults.set(fault.kind, (this.faults.get(fault.kind) ?? 0) + 1);
    this.digest.add(`${name} ${fault.kind}`);
    this.#watch.fault?.(name, fault);
  }

  #error(error: Error, group: number): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    this.#count(this.errors, code, group);
  }

  #count(kinds: Map<string, number>, kind: string, group: number): void {
    const known = kinds.has(kind) || kinds.size < mostKinds ? kind : 'other';
    kinds.set(known, (kinds.get(known) ?? 0) + 1);
    this.#groups[group]!.errors++;
  }
}
