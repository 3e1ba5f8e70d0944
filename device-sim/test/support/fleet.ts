import { loadBehaviour } from '../../src/behaviours/load.ts';
import { startFleet } from '../../src/fleet.ts';
import type { Fleet, FleetOptions } from '../../src/fleet.ts';
import { loadScenario, parseScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/schema.ts';

/** A ready scenario, or another one in its place, with the seed 1 on no network in particular. */
export async function startScenario(name: string, options: Partial<FleetOptions> = {}): Promise<Fleet> {
  const { scenario = (await loadScenario(name)).scenario } = options;
  const loaded = await Promise.all(scenario.groups.map(({ behaviour }) => loadBehaviour(behaviour, '.')));
  return startFleet({ scenario, behaviours: loaded, seed: 1, urlOf: () => 'mqtt://x', ...options });
}

/** A scenario of one lamp, from the keys that matter. */
export function lampWith(keys: string): Scenario {
  return parseScenario(`groups: [{name: lamp-1, behaviour: lamp, interval: 1s, ${keys}}]`, 'test.yaml');
}
