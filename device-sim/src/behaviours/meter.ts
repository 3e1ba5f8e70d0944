import * as z from 'zod';
import { around } from '../random.ts';
import { behaviour, clamp, round } from './behaviour.ts';

/** `secondOfDay` in UTC, `watts` drawn now, `kWh` since the last reset. */
type State = { secondOfDay: number; watts: number; kWh: number };

const secondsPerDay = 86_400;
const wattsRange = { min: 80, max: 6000 };

/** A household's load over a day: a base, a breakfast and a longer evening. Hours, their spread, watts. */
const baseWatts = 220;
const peaks = [
  { hour: 7.5, width: 1.2, watts: 1400 },
  { hour: 13, width: 2, watts: 600 },
  { hour: 19.5, width: 2.2, watts: 2300 },
];

/** An electricity meter under a daily load curve. */
export const meter = behaviour({
  model: 'Parley Meter',
  metrics: {
    power: { unit: 'W', min: 0, max: wattsRange.max, class: 'power' },
    energy: { unit: 'kWh', min: 0, class: 'energy' },
  },
  commands: {
    reset: { args: z.strictObject({}), run: (state: State): State => ({ ...state, kWh: 0 }) },
  },
  initial: ({ random, now }): State => {
    const secondOfDay = (now / 1000) % secondsPerDay;
    return { secondOfDay, watts: usualWatts(secondOfDay), kWh: Math.floor(random() * 5000) };
  },
  tick: (state, { seconds, random }) => {
    const secondOfDay = (state.secondOfDay + seconds) % secondsPerDay;
    const watts = clamp(usualWatts(secondOfDay) * (1 + around(random, 0.15)), wattsRange.min, wattsRange.max);
    return { secondOfDay, watts, kWh: state.kWh + (((state.watts + watts) / 2) * seconds) / 3_600_000 };
  },
  report: ({ secondOfDay, kWh }) => ({
    tariff: secondOfDay < 6 * 3600 || secondOfDay >= 22 * 3600 ? 'night' : 'day',
    energy: Math.floor(kWh * 10) / 10,
  }),
  readings: ({ watts, kWh }) => ({ power: round(watts, 0), energy: round(kWh, 4) }),
});

function usualWatts(secondOfDay: number): number {
  const hour = secondOfDay / 3600;
  const extra = peaks.map(({ hour: peak, width, watts }) => watts * Math.exp(-(((hour - peak) / width) ** 2)));
  return extra.reduce((sum, watts) => sum + watts, baseWatts);
}
