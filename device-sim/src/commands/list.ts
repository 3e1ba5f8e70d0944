import { Command } from 'commander';
import { listScenarios } from '../scenario/load.ts';

export function listCommand(): Command {
  return new Command('list').description('list the ready scenarios').action(async () => {
    const scenarios = await listScenarios();
    const width = Math.max(...scenarios.map(({ name }) => name.length));
    for (const { name, description } of scenarios) console.log(`${name.padEnd(width)}  ${description}`);
  });
}
