import * as z from 'zod';
import { around } from '../random.ts';
import type { Random } from '../random.ts';
import { behaviour, clamp, round } from './behaviour.ts';

/** `secondOfDay` in UTC; departures from the usual: `warmth` in °C, `pressure` in hPa, `wind` and `damp` without unit. */
type State = {
  secondOfDay: number;
  warmth: number;
  pressure: number;
  wind: number;
  damp: number;
  rain: number;
  rate: number;
};

const secondsPerDay = 86_400;
/** How long the weather takes to forget what it was. */
const hours = { warmth: 18, pressure: 30, wind: 2, damp: 6 };
const mmPerHourAtMost = 40;

/** A weather station under a day's sun and fronts that come and go. */
export const weather = behaviour({
  model: 'Parley Weather Station',
  metrics: {
    temperature: { unit: '°C', min: -30, max: 50, class: 'temperature' },
    humidity: { unit: '%', min: 0, max: 100, class: 'humidity' },
    pressure: { unit: 'hPa', min: 930, max: 1080, class: 'atmospheric_pressure' },
    wind: { unit: 'm/s', min: 0, max: 60, class: 'wind_speed' },
    rain: { unit: 'mm', min: 0, class: 'precipitation' },
    light: { unit: 'lx', min: 0, max: 120_000, class: 'illuminance' },
  },
  commands: {
    'reset-rain': { args: z.strictObject({}), run: (state: State): State => ({ ...state, rain: 0 }) },
    interval: {
      args: z.strictObject({ seconds: z.number().min(1).max(3600) }),
      run: (state: State, { seconds }): State => ({ ...state, rate: seconds }),
    },
  },
  initial: ({ random, now }): State => ({
    secondOfDay: (now / 1000) % secondsPerDay,
    warmth: around(random, 6),
    pressure: around(random, 15),
    wind: around(random, 1),
    damp: around(random, 1),
    rain: 0,
    rate: 60,
  }),
  tick: (state, { seconds, random }) => {
    const drift = (value: number, spread: number, perHours: number): number =>
      reverted(value, spread, seconds / (perHours * 3600), random);
    const damp = drift(state.damp, 1, hours.damp);
    const wet = Math.min(mmPerHourAtMost, Math.max(0, damp - 0.9) * 20);
    return {
      ...state,
      secondOfDay: (state.secondOfDay + seconds) % secondsPerDay,
      warmth: drift(state.warmth, 5, hours.warmth),
      pressure: drift(state.pressure, 12, hours.pressure),
      wind: drift(state.wind, 1, hours.wind),
      damp,
      rain: state.rain + (wet * seconds) / 3600,
    };
  },
  report: ({ rain, rate }) => ({ rain: Math.floor(rain), rate }),
  readings: ({ secondOfDay, warmth, pressure, wind, damp, rain }) => {
    const sun = Math.max(0, Math.sin(((secondOfDay / 3600 - 6) / 12) * Math.PI));
    return {
      temperature: round(clamp(11 + warmth + 6 * (sun - 0.4), -30, 50), 1),
      humidity: round(clamp(68 + 18 * damp - 20 * sun, 5, 100), 0),
      pressure: round(clamp(1013 + pressure, 930, 1080), 1),
      wind: round(clamp(3.5 * Math.exp(0.7 * wind), 0, 60), 1),
      rain: round(rain, 2),
      light: round(clamp(sun * 90_000 * (1 - 0.35 * clamp(damp, -1, 1.5)), 0, 120_000), 0),
    };
  },
});

/** A walk that is pulled back to 0, exact for a step of any length (Ornstein–Uhlenbeck). */
function reverted(value: number, spread: number, times: number, random: Random): number {
  const kept = Math.exp(-times);
  // The sum of twelve uniform numbers is near enough to normal.
  let noise = 0;
  for (let index = 0; index < 12; index++) noise += random() - 0.5;
  return value * kept + noise * spread * Math.sqrt(1 - kept * kept);
}
