import { ParleyError } from '@parley/shared';
import { Command } from 'commander';
import { chatCommand } from './commands/chat.ts';
import { compareCommand } from './commands/compare.ts';
import { listCommand } from './commands/list.ts';
import { loadCommand } from './commands/load.ts';
import { runCommand } from './commands/run.ts';

const program = new Command('parley-sim')
  .description('Simulated devices and a terminal client for Parley, or for any MQTT broker')
  .addCommand(runCommand())
  .addCommand(chatCommand())
  .addCommand(compareCommand())
  .addCommand(loadCommand())
  .addCommand(listCommand());

// A reader that goes away, as `head` does, ends the program without a complaint.
process.stdout.on('error', () => process.exit(0));

// One line for whatever is wrong, as the hub has it.
for (const command of [program, ...program.commands]) {
  command.configureOutput({
    outputError: (text, write) => {
      const line = text.replace(/^error: /, 'parley-sim: ').trim();
      write(`${line.replaceAll('\n', ' ')}\n`);
    },
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ParleyError)) throw error;
  console.error(`parley-sim: ${error.message} [${error.code}]`);
  process.exitCode = 1;
}
