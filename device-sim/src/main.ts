import { ParleyError } from '@parley/shared';
import { Command } from 'commander';
import { chatCommand } from './commands/chat.ts';
import { listCommand } from './commands/list.ts';
import { loadCommand } from './commands/load.ts';
import { runCommand } from './commands/run.ts';

const program = new Command('parley-sim')
  .description('Simulated devices and a terminal client for Parley, or for any MQTT broker')
  .addCommand(runCommand())
  .addCommand(chatCommand())
  .addCommand(loadCommand())
  .addCommand(listCommand());

// A reader that goes away, as `head` does, ends the program without a complaint.
process.stdout.on('error', () => process.exit(0));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ParleyError)) throw error;
  console.error(`parley-sim: ${error.message}`);
  process.exitCode = 1;
}
