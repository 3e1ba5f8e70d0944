import * as z from 'zod';
import { around } from '../random.ts';
import type { Random } from '../random.ts';
import { behaviour, clamp, firmwareUpdate, round } from './behaviour.ts';

/** `charge` from 0 to 1, `amps` out of the cell (below 0: into it), `temperature` in °C. */
type State = {
  charge: number;
  amps: number;
  temperature: number;
  charging: boolean;
  cycles: number;
  firmware: string;
};

const ampHours = 5;
const loadAmps = 2;
const chargeAmps = 4;
/** It goes to its charger by itself here, and comes back there. */
const limits = { low: 0.15, high: 0.95 };
const internalOhms = 0.05;
const ambient = 21;
const coolingSeconds = 900;

type Commands = { charge: { on: boolean }; update: { version: string; seconds: number } };

/** A lithium cell that a load drains until it is low, and a charger fills. */
export const battery = behaviour<State, Commands>({
  model: 'Parley Battery',
  metrics: {
    charge: { unit: '%', min: 0, max: 100, class: 'battery' },
    voltage: { unit: 'V', min: 2.4, max: 4.5, class: 'voltage' },
    current: { unit: 'A', min: -5, max: 5, class: 'current' },
    temperature: { unit: '°C', min: 0, max: 80, class: 'temperature' },
    charging: { class: 'battery_charging' },
  },
  commands: {
    charge: {
      args: z.strictObject({ on: z.boolean() }),
      run: (state, { on }) => ({ ...state, charging: on }),
    },
    update: firmwareUpdate<State>(),
  },
  initial: ({ random }) => ({
    charge: limits.low + random() * (limits.high - limits.low),
    amps: loadAmps,
    temperature: ambient + random() * 5,
    charging: random() < 0.3,
    cycles: Math.floor(random() * 300),
    firmware: '1.0.0',
  }),
  tick: (state, { seconds, random }) => settled({ ...state, ...spent(state, seconds, random) }, seconds),
  report: ({ charging, cycles, firmware }) => ({ charging, cycles, firmware }),
  readings: ({ charge, amps, temperature, charging }) => ({
    charge: round(charge * 100, 1),
    voltage: round(openVolts(charge) - amps * internalOhms, 3),
    current: round(amps, 2),
    temperature: round(temperature, 1),
    charging,
  }),
});

/** The charge after a tick, turning round at the limits as often as the tick is long. */
function spent(state: State, seconds: number, random: Random): Pick<State, 'charge' | 'amps' | 'charging' | 'cycles'> {
  const load = loadAmps * (1 + around(random, 0.3));
  let { charge, charging, cycles } = state;
  let left = seconds;
  while (left > 0) {
    const perSecond = (charging ? chargeAmps : -load) / (ampHours * 3600);
    const target = charging ? limits.high : limits.low;
    const needed = Math.max(0, (target - charge) / perSecond);
    if (needed > left) {
      charge += perSecond * left;
      break;
    }
    left -= needed;
    charge = charging ? Math.max(charge, target) : Math.min(charge, target);
    if (charging) cycles++;
    charging = !charging;
  }
  return { charge: clamp(charge, 0, 1), amps: charging ? -chargeAmps : load, charging, cycles };
}

function settled(state: State, seconds: number): State {
  const warm = ambient + state.amps ** 2 * 0.6;
  return { ...state, temperature: warm + (state.temperature - warm) * Math.exp(-seconds / coolingSeconds) };
}

/** Of a lithium-ion cell at rest: steep when nearly empty, flat in the middle. */
function openVolts(charge: number): number {
  return 3.0 + 1.0 * charge + 0.35 * (1 - Math.exp(-12 * charge)) - 0.15 * charge * (1 - charge);
}
