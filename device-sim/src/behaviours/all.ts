import { battery } from './battery.ts';
import type { Behaviour } from './behaviour.ts';
import { chatter } from './chatter.ts';
import { door } from './door.ts';
import { lamp } from './lamp.ts';
import { machine } from './machine.ts';
import { meter } from './meter.ts';
import { thermostat } from './thermostat.ts';
import { tracker } from './tracker.ts';
import { weather } from './weather.ts';

export const behaviourNames = [
  'thermostat',
  'lamp',
  'meter',
  'door',
  'tracker',
  'machine',
  'weather',
  'battery',
  'chatter',
] as const;
export type BehaviourName = (typeof behaviourNames)[number];

/** Every behaviour a scenario can name. */
export const behaviours: Readonly<Record<BehaviourName, Behaviour>> = {
  thermostat,
  lamp,
  meter,
  door,
  tracker,
  machine,
  weather,
  battery,
  chatter,
};
