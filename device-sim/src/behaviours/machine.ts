import * as z from 'zod';
import { around } from '../random.ts';
import { behaviour, clamp, CommandRefused, firmwareUpdate, round } from './behaviour.ts';

type Mode = 'idle' | 'running' | 'fault' | 'maintenance';

/** `rpm` of the spindle, `temperature` in °C, `wear` from 0 to 1, `parts` made in all. */
type State = { mode: Mode; rpm: number; temperature: number; wear: number; parts: number; firmware: string };

const rpmRunning = 3000;
const ambient = 22;
const lift = 48;
const coolingSeconds = 600;
const secondsPerPart = 12;
/** From new to worn out in 200 hours of running. */
const wearPerSecond = 1 / (200 * 3600);

/** Mean seconds in a mode before it leaves it by itself, and where to. A worn machine fails sooner. */
const leaves: Readonly<Record<Mode, { readonly seconds: number; readonly to: Mode }>> = {
  idle: { seconds: 120, to: 'running' },
  running: { seconds: 1800, to: 'idle' },
  fault: { seconds: 900, to: 'maintenance' },
  maintenance: { seconds: 600, to: 'idle' },
};
const secondsToFault = 7200;

/** A machine tool: idle, running, in a fault that someone must reset, or in maintenance, which makes it like new. */
export const machine = behaviour({
  model: 'Parley Machine',
  metrics: {
    mode: { class: 'enum' },
    rpm: { unit: 'rpm', min: 0, max: 3300 },
    temperature: { unit: '°C', min: 0, max: 120, class: 'temperature' },
    vibration: { unit: 'mm/s', min: 0, max: 30 },
    parts: { min: 0 },
  },
  commands: {
    start: {
      args: z.strictObject({}),
      run: (state: State): State => {
        if (state.mode !== 'idle') throw new CommandRefused(`it is in ${state.mode}, not idle`);
        return entered(state, 'running');
      },
    },
    stop: {
      args: z.strictObject({}),
      run: (state: State): State => {
        if (state.mode !== 'running') throw new CommandRefused(`it is in ${state.mode}, not running`);
        return entered(state, 'idle');
      },
    },
    reset: {
      args: z.strictObject({}),
      run: (state: State): State => {
        if (state.mode !== 'fault') throw new CommandRefused(`it is in ${state.mode}, not in a fault`);
        return entered(state, 'idle');
      },
    },
    maintain: {
      args: z.strictObject({ seconds: z.number().min(1).max(3600).default(30) }),
      seconds: ({ seconds }) => seconds,
      run: (state: State): State => ({ ...entered(state, 'idle'), wear: 0 }),
    },
    update: firmwareUpdate<State>(),
  },
  initial: ({ random }): State => ({
    mode: random() < 0.6 ? 'running' : 'idle',
    rpm: 0,
    temperature: ambient + random() * 20,
    wear: random() * 0.8,
    parts: Math.floor(random() * 10_000),
    firmware: '1.0.0',
  }),
  tick: (state, { seconds, random }) => {
    const mode = nextMode(state, seconds, random);
    const rpm = mode === 'running' ? rpmRunning + around(random, 60) : 0;
    const settled = ambient + (mode === 'running' ? lift : 0);
    const temperature = settled + (state.temperature - settled) * Math.exp(-seconds / coolingSeconds);
    const busy = mode === 'running' ? seconds : 0;
    const wear = mode === 'maintenance' ? 0 : Math.min(1, state.wear + busy * wearPerSecond);
    return { ...state, mode, rpm, temperature, wear, parts: state.parts + busy / secondsPerPart };
  },
  report: ({ mode, firmware }) => ({ mode, firmware }),
  readings: ({ mode, rpm, temperature, wear, parts }) => ({
    mode,
    rpm: round(rpm, 0),
    temperature: round(temperature, 1),
    vibration: round(clamp((rpm / rpmRunning) * (1.2 + 8 * wear ** 2), 0, 30), 2),
    parts: Math.floor(parts),
  }),
});

function entered(state: State, mode: Mode): State {
  return { ...state, mode, rpm: mode === 'running' ? rpmRunning : 0 };
}

/** Waiting times without memory, so that it does not matter how long a tick is. */
function nextMode({ mode, wear }: State, seconds: number, random: () => number): Mode {
  const [chance, way] = [random(), random()];
  const leaving = 1 / leaves[mode].seconds;
  const failing = mode === 'running' ? (1 + 9 * wear ** 3) / secondsToFault : 0;
  if (chance >= 1 - Math.exp(-seconds * (leaving + failing))) return mode;
  return way < failing / (leaving + failing) ? 'fault' : leaves[mode].to;
}
