import type { Behaviour } from './behaviours/behaviour.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { Device } from './device/device.ts';
import type { DeviceContext, DeviceSpec, DeviceWatch } from './device/device.ts';
import { openLink as openMqttLink } from './link.ts';
import type { OpenLink, Traffic } from './link.ts';
import type { TlsOptions } from './link/transport.ts';
import { seeded } from './random.ts';
import { namesOf } from './scenario/schema.ts';
import type { Group, Scenario, Transport } from './scenario/schema.ts';
import { Tally } from './tally.ts';
import type { FleetCounts } from './tally.ts';

/** Where devices of a transport connect to. */
export type UrlOf = (transport: Transport) => string;

export interface FleetOptions {
  readonly scenario: Scenario;
  /** Of each group, in the order of the scenario. */
  readonly behaviours: readonly Behaviour[];
  /** The same seed gives the same devices, states, readings and faults. */
  readonly seed: number;
  readonly urlOf: UrlOf;
  /** For every device; without it, each one has its own name. */
  readonly username?: string;
  readonly password?: string;
  readonly tls?: TlsOptions;
  readonly clock?: Clock;
  readonly openLink?: OpenLink;
  readonly traffic?: Traffic;
  readonly watch?: Partial<DeviceWatch>;
}

export interface Fleet {
  readonly tally: Tally;
  counts(): FleetCounts;
  /** Messages of QoS 1 and 2 that the broker has not acknowledged. */
  unacknowledged(): number;
  /** Ends one device as a crash would. */
  crash(name: string): Promise<void>;
  /** No device takes another reading or has another fault; all stay connected. */
  quiesce(): void;
  /** Every device says that it is offline and disconnects. */
  stop(): Promise<void>;
}

/** Starts every device of a scenario. What happens to them is counted in `tally`. */
export function startFleet(options: FleetOptions): Fleet {
  const { seed, urlOf, clock = systemClock, openLink = openMqttLink, traffic, tls } = options;
  const { username, password } = options;
  const specs = devicesOf(options.scenario, options.behaviours);
  const tally = new Tally(options.scenario.groups, options.watch ?? {});
  const devices = new Map<string, Device>();
  for (const { transport, ...spec } of specs) {
    const connection: DeviceContext['connection'] = {
      url: urlOf(transport),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls && { tls }),
      ...(traffic && { traffic }),
    };
    const random = (purpose: string) => seeded(seed, `${spec.name}/${purpose}`);
    const faults = spec.faults.filter(
      ({ share = 1 }, index) => share === 1 || random(`fault/${index}/share`)() < share,
    );
    devices.set(spec.name, new Device({ ...spec, faults }, { openLink, connection, clock, random, watch: tally }));
  }

  return {
    tally,
    counts: () => tally.counts(),
    unacknowledged: () => [...devices.values()].reduce((sum, device) => sum + device.unacknowledged, 0),
    crash: async (name) => devices.get(name)?.crash(),
    quiesce: () => {
      for (const device of devices.values()) device.quiesce();
    },
    stop: async () => {
      await Promise.all(Array.from(devices.values(), (device) => device.stop()));
    },
  };
}

/** The devices of each group. */
export function devicesOf(
  { groups }: Scenario,
  behaviours: readonly Behaviour[],
): (DeviceSpec & { readonly transport: Transport })[] {
  return groups.flatMap((group, index) => {
    const shared = specOf(group, index, behaviours[index]!);
    return namesOf(group).map((name, place) =>
      Object.assign({ name, startMs: ((group.rampUp ?? 0) * place) / group.count }, shared),
    );
  });
}

function specOf(group: Group, index: number, behaviour: Behaviour) {
  const { transport, codec, interval, jitter, qos, protocol, schedule, keepAlive, offlineQueue, channel, session } =
    group;
  return {
    group: index,
    behaviour,
    transport,
    codec,
    intervalMs: interval,
    jitter,
    qos,
    version: protocol === 5 ? 5 : 4,
    schedule,
    keepAliveSeconds: keepAlive / 1000,
    maxWaiting: offlineQueue,
    isKept: session === 'kept',
    channel,
    faults: group.faults,
  } as const;
}
