import { ParleyError } from '@parley/shared';
import type { Command } from 'commander';
import type { Account, IssuedToken } from '../auth/accounts.ts';
import type { CommandName } from '../auth/commands.ts';
import type { Decision } from '../auth/policy.ts';
import type { Issued } from '../auth/tokens.ts';
import type { AccountKind } from '../auth/tables.ts';
import { passwordFrom } from './password.ts';

/** Does a command with the options that the command line gave. */
export type Perform = (command: CommandName, input: object) => Promise<unknown>;

/** Gives a command the hub's options, and what to do with its own arguments. */
export type Define = (
  command: Command,
  action: (perform: Perform, args: readonly string[], flags: Readonly<Record<string, unknown>>) => Promise<void>,
) => Command;

const listOption = (value: string): string[] => value.split(',').map((one) => one.trim());

/** `user`, `device`, `token`, `invite` and `rights`: administration from the command line, also while the hub runs. */
export function accountCommands(program: Command, define: Define): void {
  const user = program.command('user').description('people with an account (auth: accounts)');
  addCommand(user, define, 'person');
  listCommands(user, define, 'person');
  define(
    user.command('roles <name> <roles...>').description('give somebody these roles and no others'),
    async (perform, args) => {
      const { roles } = (await perform('account.roles', { name: args[0], roles: args.slice(1) })) as Account;
      console.log(`${args[0]}: ${roles.join(', ')}`);
    },
  );
  define(
    user.command('sign-out <name>').description('end every sign-in and token of somebody'),
    async (perform, [name]) => {
      await perform('account.sign-out', { name });
      console.log(`${name} is signed out everywhere.`);
    },
  );
  const device = program.command('device').description('devices with an account (auth: accounts)');
  addCommand(device, define, 'device');
  listCommands(device, define, 'device');
  tokenCommands(program, define);
  inviteCommand(program, define);
  rightsCommand(program, define);
}

function withPassword(command: Command): Command {
  return command
    .option('--password-stdin', 'read the password from standard input')
    .option('--password <password>', 'the password itself; other users of this machine can see it while this runs');
}

function addCommand(group: Command, define: Define, kind: AccountKind): void {
  const how = kind === 'person' ? 'without a password: prints an invite link' : 'without a password: prints a token';
  const command = withPassword(group.command('add <name>').description(`add a ${kind}; ${how}`)).option(
    '--role <roles>',
    'roles, separated by commas',
    listOption,
  );
  define(command, async (perform, [name], flags) => {
    const roles = flags['role'] as string[] | undefined;
    // Nobody types a device's password.
    const canAsk = kind === 'person' || flags['password'] !== undefined || flags['passwordStdin'] !== undefined;
    const password = canAsk ? await passwordFrom(flags) : undefined;
    if (password === undefined && kind === 'person') {
      const { url } = (await perform('invite.add', { user: name, ...(roles && { roles }) })) as { url: string };
      console.error(`${name} chooses a password at this link, which works once within 7 days:`);
      return console.log(url);
    }
    await perform('account.add', { name, kind, ...(roles && { roles }), ...(password !== undefined && { password }) });
    if (password !== undefined) return console.log(`${kind} ${name} added.`);
    const { token } = (await perform('token.add', { name, days: 3650 })) as Issued;
    console.error(`Device ${name} signs in with user name ${name} and this password, shown only now:`);
    console.log(token);
  });
}

function listCommands(group: Command, define: Define, kind: AccountKind): void {
  define(group.command('list').description('list them'), async (perform) => {
    const { accounts } = (await perform('account.list', { kind })) as { accounts: Account[] };
    for (const { name, roles, hasPassword } of accounts) {
      console.log([name, roles.join(','), hasPassword ? 'password' : 'no password'].join('\t'));
    }
  });
  define(
    group.command('remove <name>').description('remove one; everything it signed in ends'),
    async (perform, [name]) => {
      await perform('account.remove', { name, kind });
      console.log(`${kind} ${name} removed.`);
    },
  );
  const password = withPassword(
    group.command('password <name>').description('set the password; all it had signed in ends'),
  );
  define(password, async (perform, [name], flags) => {
    const given = await passwordFrom(flags);
    if (given === undefined) throw new ParleyError('request-invalid', 'give the password with --password-stdin');
    await perform('account.password', { name, password: given });
    console.log(`The password of ${name} is set.`);
  });
}

function tokenCommands(program: Command, define: Define): void {
  const token = program.command('token').description('tokens of bots and devices: MQTT password and Bearer token');
  const add = token
    .command('add')
    .description('print a new token; an account that is missing is made')
    .option('--user <name>', 'whose')
    .option('--device <name>', 'which device’s')
    .option('--channels <channels>', 'good for these channels alone, separated by commas', listOption)
    .option('--days <days>', 'how long it is good for', Number, 365)
    .option('--label <text>', 'what it is for');
  define(add, async (perform, _args, flags) => {
    const { user, device, channels, days, label } = flags as { user?: string; device?: string } & Record<
      string,
      unknown
    >;
    if ((user === undefined) === (device === undefined))
      throw new ParleyError('request-invalid', 'give --user or --device');
    const kind = user === undefined ? 'device' : 'person';
    const options = { days, ...(channels !== undefined && { channels }), ...(label !== undefined && { label }) };
    const { token: made } = (await perform('token.add', { name: user ?? device, kind, ...options })) as Issued;
    console.log(made);
  });
  define(token.command('list <name>').description('sign-ins and tokens of an account'), async (perform, [name]) => {
    const { tokens } = (await perform('token.list', { name })) as { tokens: IssuedToken[] };
    for (const { id, kind, expiresAt, channels, label } of tokens) {
      const until = new Date(expiresAt).toISOString();
      console.log([id, kind, until, channels?.join(',') ?? '', label ?? ''].join('\t').trimEnd());
    }
  });
  define(token.command('remove <name> <id>').description('revoke one'), async (perform, [name, id]) => {
    await perform('token.remove', { name, id });
    console.log(`Token ${id} of ${name} is revoked.`);
  });
}

function inviteCommand(program: Command, define: Define): void {
  const invite = program
    .command('invite')
    .description('print a one-time link with which somebody makes an account')
    .option('--role <roles>', 'roles, separated by commas', listOption)
    .option('--user <name>', 'the name it is for')
    .option('--days <days>', 'how long it is good for', Number, 7);
  define(invite, async (perform, _args, { role, user, days }) => {
    const input = { days, ...(role !== undefined && { roles: role }), ...(user !== undefined && { user }) };
    const { url } = (await perform('invite.add', input)) as { url: string };
    console.log(url);
  });
}

function rightsCommand(program: Command, define: Define): void {
  const rights = program.command('rights').description('who may do what');
  const explain = rights
    .command('explain <who> <action> <topic>')
    .description('say which rule decides; action: publish, subscribe, create, manage, moderate, administer')
    .option('--client <id>', 'with this client id');
  define(explain, async (perform, [who, action, topic], { client }) => {
    const input = { who, action, topic, ...(client !== undefined && { client }) };
    const { allowed, because } = (await perform('rights.explain', input)) as Decision;
    console.log(`${allowed ? 'allowed' : 'denied'}: ${because}`);
    process.exitCode = allowed ? 0 : 2;
  });
}
