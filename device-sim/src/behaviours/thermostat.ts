import * as z from 'zod';
import { around } from '../random.ts';
import { behaviour, clamp, round } from './behaviour.ts';

/** Degrees Celsius, except `humidity` in percent. */
type State = { temperature: number; target: number; heating: boolean; outdoor: number; humidity: number };

/** How long the room takes to lose 63 % of its distance to what surrounds it. */
const timeConstantSeconds = 900;
/** How far above the outdoor temperature the radiator would bring the room, given forever. */
const heatingLift = 28;
/** The heating starts this far below the target and stops this far above it. */
const hysteresis = 0.3;

/** A radiator valve in a room that leaks heat to the outside and is warmed by a radiator. */
export const thermostat = behaviour({
  model: 'Parley Thermostat',
  metrics: {
    temperature: { unit: '°C', min: -10, max: 50, class: 'temperature' },
    humidity: { unit: '%', min: 0, max: 100, class: 'humidity' },
  },
  commands: {
    set: {
      args: z.strictObject({ target: z.number().min(5).max(30) }),
      run: (state: State, { target }): State => controlled({ ...state, target }),
    },
  },
  initial: ({ random }): State =>
    controlled({
      temperature: 19 + around(random, 2),
      target: 20 + Math.round(random() * 4) / 2,
      heating: false,
      outdoor: 6 + around(random, 6),
      humidity: 45 + around(random, 8),
    }),
  tick: (state, { seconds, random }) => {
    const outdoor = clamp(state.outdoor + around(random, 0.002 * seconds), -5, 20);
    const settled = outdoor + (state.heating ? heatingLift : 0);
    // The exact solution of Newton's law of cooling: stable for a tick of any length.
    const temperature = settled + (state.temperature - settled) * Math.exp(-seconds / timeConstantSeconds);
    const humidity = clamp(state.humidity + around(random, 0.05 * Math.sqrt(seconds)), 25, 75);
    return controlled({ ...state, outdoor, temperature, humidity });
  },
  report: ({ target, heating }) => ({ target, heating }),
  readings: ({ temperature, humidity }) => ({ temperature: round(temperature, 2), humidity: round(humidity, 1) }),
});

function controlled(state: State): State {
  if (state.temperature < state.target - hysteresis) return { ...state, heating: true };
  if (state.temperature > state.target + hysteresis) return { ...state, heating: false };
  return state;
}
