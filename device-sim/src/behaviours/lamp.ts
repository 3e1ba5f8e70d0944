import * as z from 'zod';
import { around } from '../random.ts';
import { behaviour, round } from './behaviour.ts';

/** `brightness` in percent, `volts` of the mains. */
type State = { on: boolean; brightness: number; volts: number };

/** Percent of brightness by name. */
const scenes = { bright: 100, work: 80, evening: 40, film: 15, night: 5 } as const;
const sceneNames = ['bright', 'work', 'evening', 'film', 'night'] as const;

const standbyWatts = 0.4;
const fullWatts = 9;
const nominalVolts = 230;

/** A dimmable lamp that draws what its brightness and the mains make it draw. It changes by command only. */
export const lamp = behaviour({
  model: 'Parley Lamp',
  metrics: {
    on: { class: 'light' },
    brightness: { unit: '%', min: 0, max: 100 },
    power: { unit: 'W', min: 0, max: 12, class: 'power' },
  },
  commands: {
    set: {
      args: z
        .strictObject({ on: z.boolean().optional(), brightness: z.int().min(0).max(100).optional() })
        .refine((args) => Object.keys(args).length > 0, 'expected on, brightness or both')
        .meta({ minProperties: 1 }),
      run: (state: State, { on = state.on, brightness = state.brightness }): State => ({ ...state, on, brightness }),
    },
    scene: {
      args: z.strictObject({ name: z.enum(sceneNames) }),
      run: (state: State, { name }): State => ({ ...state, on: true, brightness: scenes[name] }),
    },
  },
  initial: ({ random }): State => ({
    on: random() < 0.5,
    brightness: 20 + Math.floor(random() * 9) * 10,
    volts: nominalVolts,
  }),
  tick: (state, { random }) => ({ ...state, volts: nominalVolts + around(random, 4) }),
  report: ({ on, brightness }) => ({ on, brightness }),
  readings: ({ on, brightness, volts }) => {
    const watts = on ? standbyWatts + (fullWatts - standbyWatts) * (brightness / 100) : standbyWatts;
    return { on, brightness, power: round(watts * (volts / nominalVolts) ** 2, 2) };
  },
});
