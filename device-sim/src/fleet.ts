import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { Device } from './device.ts';
import type { DeviceWatch } from './device.ts';
import { openLink as openMqttLink } from './link.ts';
import type { OpenLink } from './link.ts';
import { seeded } from './random.ts';
import { devicesOf } from './scenario.ts';
import type { Scenario, Transport } from './scenario.ts';

export interface FleetOptions {
  readonly scenario: Scenario;
  /** The same seed gives the same devices, states and readings. */
  readonly seed: number;
  /** Where each transport connects to. */
  readonly urls: Readonly<Record<Transport, string>>;
  /** For every device, whatever the scenario says. */
  readonly transport?: Transport;
  /** For every device; without it, each one has its own name. */
  readonly username?: string;
  readonly password?: string;
  readonly clock?: Clock;
  readonly openLink?: OpenLink;
  readonly watch?: Partial<Omit<DeviceWatch, 'published' | 'answered'>>;
}

export interface FleetCounts {
  readonly devices: number;
  readonly up: number;
  /** Messages, of every kind; at QoS 1 and 2 once they are acknowledged. */
  readonly published: number;
  readonly answered: number;
}

export interface Fleet {
  counts(): FleetCounts;
  /** Ends one device as a crash would. */
  crash(name: string): Promise<void>;
  /** Every device says that it is offline and disconnects. */
  stop(): Promise<void>;
}

export function startFleet(options: FleetOptions): Fleet {
  const { scenario, seed, urls, clock = systemClock, openLink = openMqttLink } = options;
  const { username, password } = options;
  const up = new Set<string>();
  const sums = { published: 0, answered: 0 };
  const watch = countingWatch(up, sums, options.watch ?? {});

  const devices = new Map<string, Device>();
  for (const { transport, ...spec } of devicesOf(scenario)) {
    const connection = {
      url: urls[options.transport ?? transport],
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    };
    const random = (purpose: string) => seeded(seed, `${spec.name}/${purpose}`);
    devices.set(spec.name, new Device(spec, { openLink, connection, clock, random, watch }));
  }

  return {
    counts: () => ({ devices: devices.size, up: up.size, ...sums }),
    crash: async (name) => devices.get(name)?.crash(),
    stop: async () => {
      await Promise.all(Array.from(devices.values(), (device) => device.stop()));
      up.clear();
    },
  };
}

function countingWatch(
  up: Set<string>,
  sums: { published: number; answered: number },
  watch: NonNullable<FleetOptions['watch']>,
): DeviceWatch {
  return {
    up: (name) => {
      up.add(name);
      watch.up?.(name);
    },
    down: (name, problem) => {
      up.delete(name);
      watch.down?.(name, problem);
    },
    refused: (name, error) => {
      up.delete(name);
      watch.refused?.(name, error);
    },
    published: () => void sums.published++,
    answered: () => void sums.answered++,
  };
}
