import type { About } from '@parley/shared';
import type { Device } from '../state/device.ts';
import type { IconName } from './icon.ts';

const kinds: readonly [RegExp, IconName][] = [
  [/thermo|heat|climate|temperature/, 'thermostat'],
  [/lamp|light|bulb|led/, 'lamp'],
  [/door|window|lock|gate|contact/, 'door'],
  [/motor|fan|pump|valve|spindle/, 'motor'],
  [/meter|power|energy|gauge/, 'meter'],
  [/bot\b/, 'bot'],
];

/** By description: thousands of devices are looked at in every frame. */
const known = new WeakMap<About, IconName>();

/** The glyph of a device's kind, guessed from its model, then its name, then its metrics. */
export function glyphOf({ name, about }: Pick<Device, 'name' | 'about'>): IconName {
  const glyph = (about && known.get(about)) ?? guessed(name, about);
  if (about) known.set(about, glyph);
  return glyph;
}

function guessed(name: string, about: About | undefined): IconName {
  const hints = [about?.model ?? '', name, Object.keys(about?.metrics ?? {}).join(' ')];
  for (const hint of hints) {
    const kind = kinds.find(([pattern]) => pattern.test(hint.toLowerCase()));
    if (kind) return kind[1];
  }
  return 'chip';
}
