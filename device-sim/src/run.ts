import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviour } from './behaviours/behaviour.ts';
import { startFleet } from './fleet.ts';
import type { Fleet, UrlOf } from './fleet.ts';
import { openLink } from './link.ts';
import type { Traffic } from './link.ts';
import type { TlsOptions } from './link/transport.ts';
import { seeded } from './random.ts';
import { Commander } from './results/commander.ts';
import { evaluate, needsObserver } from './results/evaluate.ts';
import { Ledger } from './results/ledger.ts';
import { startObserver } from './results/observer.ts';
import type { Observer } from './results/observer.ts';
import type { Measured, Results } from './results/results.ts';
import type { Scenario } from './scenario/schema.ts';
import { Timeline } from './time/timeline.ts';
import type { DeviceWatch } from './device/device.ts';

export interface RunOptions {
  /** As the results name it. */
  readonly name: string;
  readonly scenario: Scenario;
  /** Of each group. */
  readonly behaviours: readonly Behaviour[];
  readonly seed: number;
  /** Milliseconds since the Unix epoch: when the simulated time begins. */
  readonly start: number;
  /** Simulated seconds per second; Infinity: as fast as it goes. */
  readonly speed: number;
  readonly urlOf: UrlOf;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: TlsOptions;
  /** Ends the run before its time. */
  readonly signal: AbortSignal;
  readonly watch?: Partial<DeviceWatch>;
}

/** A run that goes on, for whoever shows it. */
export interface Running {
  readonly fleet: Fleet;
  readonly ledger: Ledger | undefined;
  readonly commander: Commander | undefined;
  readonly traffic: Traffic;
  /** Ends it as its time would: no more readings, but what is under way may arrive. */
  readonly finish: () => void;
  /** Resolves when it is over and everybody has left. */
  readonly results: Promise<Results>;
}

/** So many messages on their way let simulated time go on at the highest speed. */
const mostUnacknowledged = 2000;
/** How long a signal leaves to what is under way. */
const hastyMs = 500;
/** At the end, how often it is asked whether everything has arrived. */
const settleStepMs = 20;

/**
 * Runs a scenario to its end: its time, its count of readings, or the signal.
 * @throws Error when the observer, which the expectations need, is refused or finds no broker
 */
export async function startRun(options: RunOptions): Promise<Running> {
  const { scenario, seed, start, speed, urlOf, signal, watch = {} } = options;
  const traffic: Traffic = { opening: 0, unacknowledged: 0, blocked: 0, bytes: 0 };
  const isBusy = (): boolean =>
    traffic.opening > 0 || traffic.blocked > 0 || traffic.unacknowledged > mostUnacknowledged;
  const clock = new Timeline({ start, speed, isBusy });
  const { ledger, observer } = (await observed(options, (id, payload) => commander?.replied(id, payload))) ?? {};
  const commander: Commander | undefined =
    observer && new Commander(scenario, observer, clock, seeded(seed, 'commands'));
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const finish = (): void => {
    fleet.quiesce();
    end();
  };
  let taken = 0;
  let isStopping = false;

  const fleet = startFleet({
    ...options,
    clock,
    traffic,
    urlOf,
    watch: {
      ...watch,
      down: (...what) => {
        // Switched off at the end: no news.
        if (!isStopping) watch.down?.(...what);
      },
      taken: (reading) => {
        watch.taken?.(reading);
        // At the very reading, so that a seed takes the same ones whatever the speed.
        if (++taken === scenario.readings) finish();
      },
      sending: (reading, isRepeated) => {
        if (!isRepeated) ledger?.sending(reading);
        watch.sending?.(reading, isRepeated);
      },
    },
  });
  commander?.start();
  if (scenario.for !== undefined) clock.after(scenario.for, finish);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const startedAt = performance.now();
  clock.begin();

  const conclude = async (): Promise<Results> => {
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
    signal.removeEventListener('abort', end);
    fleet.quiesce();
    commander?.stop();
    await settled(() => isSettled(fleet, ledger, commander), scenario.settle, signal);
    commander?.close();
    const seconds = (performance.now() - startedAt) / 1000;
    const measured = measure(options, seconds, fleet, ledger, commander);
    isStopping = true;
    await fleet.stop();
    await observer?.stop();
    clock.close();
    const expectations = evaluate(scenario.expectations ?? {}, measured);
    return { ...measured, expectations, passed: expectations.every(({ passed }) => passed) };
  };

  return { fleet, ledger, commander, traffic, finish, results: conclude() };
}

/** Somebody who sees what comes back, when the scenario wants to know. */
async function observed(
  options: RunOptions,
  replied: (id: string, payload: Uint8Array) => void,
): Promise<{ ledger: Ledger; observer: Observer } | undefined> {
  const { scenario, seed, urlOf, username, password, tls } = options;
  const hasCommands = scenario.groups.some(({ commands }) => commands.length > 0);
  if (!hasCommands && !needsObserver(scenario.expectations ?? {})) return undefined;
  const ledger = new Ledger();
  const connection = {
    url: urlOf(scenario.groups[0]!.transport),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
  };
  const random = seeded(seed, `observer ${process.pid} ${Date.now()}`);
  const observer = startObserver({ connection, openLink, random, ledger, replied });
  const { signal } = options;
  await Promise.race([observer.ready, signal.aborted ? undefined : once(signal, 'abort')]);
  return { ledger, observer };
}

function isSettled(fleet: Fleet, ledger: Ledger | undefined, commander: Commander | undefined): boolean {
  return fleet.unacknowledged() === 0 && (ledger?.missing ?? 0) === 0 && (commander?.counts().open ?? 0) === 0;
}

/** Waits for what is under way; not for long when somebody is waiting for the end. */
async function settled(isDone: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const limit = (): number => (signal.aborted ? Math.min(ms, hastyMs) : ms);
  while (!isDone() && performance.now() - start < limit()) await pause(settleStepMs);
}

function measure(
  { name, seed, start }: RunOptions,
  seconds: number,
  { tally }: Fleet,
  ledger: Ledger | undefined,
  commander: Commander | undefined,
): Measured {
  const counts = tally.counts();
  const { open: _open, ...commands } = commander?.counts() ?? {
    open: 0,
    sent: 0,
    answered: 0,
    failed: 0,
    unanswered: 0,
  };
  return {
    scenario: name,
    seed,
    start: new Date(start).toISOString(),
    seconds: Number(seconds.toFixed(3)),
    devices: counts.devices,
    connected: counts.mostUp,
    taken: counts.taken,
    published: counts.published,
    unsent: counts.unsent,
    discarded: counts.discarded,
    readings: ledger?.counts(),
    latency: ledger?.latency.percentiles(),
    reconnect: tally.reconnect.percentiles(),
    reconnects: tally.reconnect.count,
    commands: commander && commands,
    answered: { ok: counts.answered, failed: counts.failed },
    faults: Object.fromEntries(tally.faults),
    errors: Object.fromEntries(tally.errors),
    digest: tally.digest.toString(),
  };
}
