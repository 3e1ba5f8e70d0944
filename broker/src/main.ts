import { coded, ParleyError } from '@parley/shared';
import { Command, Option } from 'commander';
import { accountCommands } from './cli/accounts.ts';
import { perform } from './cli/perform.ts';
import { banner } from './banner.ts';
import { filesIn } from './files/disk.ts';
import { startHub } from './hub.ts';
import { isLoopback } from './listen/loopback.ts';
import { resolveOptions } from './options/resolve.ts';
import { fromEnvironment, fromFile, fromFlags, merge } from './options/sources.ts';
import { flagOf, optionTable } from './options/table.ts';
import type { HubOptions } from './options/table.ts';
import { backup } from './store/backup.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { openForReading } from './store/open.ts';
import { restore } from './store/restore.ts';
import { version } from './version.ts';

/** A stop is honoured within 10 s (PRODUCT.md §6.7): past this the process ends whatever still holds it. */
const STOP_LIMIT_MS = 9000;

const program = new Command('parley')
  .description('One self-hosted hub where people and devices talk over MQTT')
  .version(version)
  .configureOutput({
    outputError: (text, write) =>
      write(
        `${text
          .replace(/^error: /, 'parley: ')
          .trim()
          .replaceAll('\n', ' ')}\n`,
      ),
  })
  .exitOverride((exit) => process.exit(exit.exitCode === 0 ? 0 : 1));

withOptions(program.command('start', { isDefault: true }).description('start the hub (the default)'))
  .allowExcessArguments()
  .action(async (flags: Flags, command: Command) => {
    if (command.args.length > 0) command.error(`error: unknown command '${command.args[0]}'`);
    await start(flags);
  });
const config = program.command('config').description('look at the options without starting');
withOptions(config.command('print').description('print every option as it would be used')).action((flags: Flags) => {
  console.log(JSON.stringify(optionsFrom(flags), null, 2));
});
withOptions(config.command('check').description('say whether the options are valid')).action((flags: Flags) => {
  optionsFrom(flags);
  console.log('The options are valid.');
});

withOptions(program.command('backup <file>').description('copy everything the store holds, also while the hub runs'), [
  'dataDir',
]).action(async (file: string, flags: Flags) => {
  const { dataDir } = optionsFrom(flags);
  await using store = openForReading(dataDir);
  console.log(`${file}: ${await backup(store, file, filesIn(dataDir))} records`);
});
withOptions(program.command('restore <file>').description('fill an empty data directory from a backup'), [
  'dataDir',
]).action(async (file: string, flags: Flags) => {
  const { dataDir } = optionsFrom(flags);
  const store = openEmbeddedStore({ directory: dataDir });
  try {
    console.log(`${await restore(store, file, filesIn(dataDir))} records restored from ${file}`);
  } finally {
    await store.close();
  }
});

accountCommands(program, (command, action) => {
  // What belongs to the command is not an option of the hub, whatever the two are called.
  const own = new Set(command.options.map((option) => option.attributeName()));
  return withOptions(command, ['dataDir', 'auth', 'rightsFile']).action(async (...given: unknown[]) => {
    const flags = given.at(-2) as Flags;
    const options = optionsFrom(Object.fromEntries(Object.entries(flags).filter(([key]) => !own.has(key))));
    const args = given.slice(0, -2).flat() as string[];
    await action((name, input) => perform(options, name, input), args, flags);
  });
});

try {
  await program.parseAsync();
} catch (failure) {
  fail(failure);
}

type Flags = Record<string, string> & { config?: string };

/** @param shown the options that its help lists; all of them are taken everywhere, as a config file has them */
function withOptions(command: Command, shown = Object.keys(optionTable)): Command {
  command.addOption(new Option('--config <file>', 'a YAML or JSON file of options').env('PARLEY_CONFIG'));
  for (const [key, { kind, default: standard, help }] of Object.entries(optionTable)) {
    const usual = standard === undefined || standard.toString() === '' ? 'none' : String(standard);
    const option = new Option(`--${flagOf(key)} <value>`, `${help} (${kind.takes}; default ${usual})`);
    command.addOption(option.hideHelp(!shown.includes(key)));
  }
  return command;
}

function optionsFrom({ config: file, ...flags }: Flags): HubOptions {
  return resolveOptions(merge(fromFlags(flags), fromEnvironment(process.env), file ? fromFile(file) : new Map()));
}

async function start(flags: Flags): Promise<void> {
  const hub = await startHub(optionsFrom(flags), { reread: () => optionsFrom(flags) });
  console.log(banner(hub));
  if (!isLoopback(hub.options.host) && hub.options.auth === 'open') {
    hub.log.warn({ event: 'hub.open', host: hub.options.host }, 'names are claims: auth is open beyond this machine');
  }
  const stop = (signal: NodeJS.Signals): void => {
    hub.log.info({ event: 'hub.stopping', signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    hub.close().then(
      () => hub.log.info({ event: 'hub.stopped' }, 'stopped'),
      (failure: unknown) => fail(failure),
    );
  };
  process.on('SIGHUP', () => {
    try {
      hub.reload();
    } catch (failure) {
      const { code, message } = coded(failure);
      hub.log.error({ event: 'reload.failed', code }, message);
    }
  });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** One line that says what was wrong; a stack trace only for what is our own fault. */
function fail(failure: unknown): void {
  const error = coded(failure);
  console.error(`parley: ${error.message} [${error.code}]`);
  if (error.code === 'internal' && !(failure instanceof ParleyError)) console.error(failure);
  process.exitCode = 1;
}
