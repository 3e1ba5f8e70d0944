import * as z from 'zod';
import { behaviour, round } from './behaviour.ts';

/** `battery` in percent. */
type State = { open: boolean; locked: boolean; battery: number };

/** Mean seconds a door stays shut, and stays open once opened. */
const meanSeconds = { shut: 90, open: 15 };
/** From full to empty in about a year, and then it is changed. */
const batteryPercentPerSecond = 100 / (365 * 86_400);

/** A door with a motor lock that people go through now and then. Locking shuts it. */
export const door = behaviour({
  model: 'Parley Door',
  metrics: {
    open: { class: 'door' },
    locked: { class: 'lock' },
    battery: { unit: '%', min: 0, max: 100, class: 'battery' },
  },
  commands: {
    lock: {
      args: z.strictObject({ locked: z.boolean() }),
      run: (state: State, { locked }): State => ({ ...state, locked, open: locked ? false : state.open }),
    },
  },
  initial: ({ random }): State => ({ open: false, locked: random() < 0.3, battery: 60 + random() * 40 }),
  tick: (state, { seconds, random }) => {
    const drained = state.battery - batteryPercentPerSecond * seconds;
    const battery = drained > 0 ? drained : 100;
    // Waiting times without memory: the chance of a change depends on how long the tick is, and on nothing before it.
    const changes = random() < 1 - Math.exp(-seconds / (state.open ? meanSeconds.open : meanSeconds.shut));
    return { ...state, battery, open: state.locked ? false : state.open !== changes };
  },
  report: ({ open, locked }) => ({ open, locked }),
  readings: ({ open, locked, battery }) => ({ open, locked, battery: round(battery, 1) }),
});
