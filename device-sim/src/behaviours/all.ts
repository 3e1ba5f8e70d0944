import type { Behaviour } from './behaviour.ts';
import { door } from './door.ts';
import { lamp } from './lamp.ts';
import { meter } from './meter.ts';
import { thermostat } from './thermostat.ts';

export const behaviourNames = ['thermostat', 'lamp', 'meter', 'door'] as const;

/** Every behaviour a scenario can name. */
export const behaviours: Readonly<Record<(typeof behaviourNames)[number], Behaviour>> = {
  thermostat,
  lamp,
  meter,
  door,
};
