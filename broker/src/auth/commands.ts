import { isName, ParleyError } from '@parley/shared';
import * as z from 'zod/mini';
import { defaultRoles } from './accounts.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Invites } from './invites.ts';
import type { Action, Rights } from './rights.ts';
import type { Roles } from './rules.ts';
import type { AccountKind } from './tables.ts';
import type { Tokens } from './tokens.ts';

export interface CommandContext {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly invites: Invites;
  readonly audit: Audit;
  readonly rights: () => Rights;
  readonly roles: () => Roles;
  /** Where somebody accepts an invite. */
  readonly inviteUrl: (code: string) => string;
}

/** On whose behalf, for the audit list. */
export interface By {
  readonly by: string;
  readonly address?: string | undefined;
}

const name = z.string().check(z.maxLength(64));
const kind = z.enum(['person', 'device']);
const roles = z.array(z.string()).check(z.maxLength(20));
const days = z.number().check(z.int(), z.minimum(1), z.maximum(3650));
const password = z.string().check(z.maxLength(4096));
const label = z.string().check(z.maxLength(128));
const channels = z.array(z.string().check(z.refine(isName))).check(z.minLength(1), z.maxLength(100));
const actions = ['publish', 'subscribe', 'create', 'manage', 'moderate', 'administer'] as const;

/** What each command takes; the HTTP routes and the command line take the same. */
export const inputs = {
  'account.add': z.strictObject({ name, kind, roles: z.optional(roles), password: z.optional(password) }),
  'account.list': z.strictObject({ kind: z.optional(kind) }),
  'account.get': z.strictObject({ name }),
  'account.remove': z.strictObject({ name, kind: z.optional(kind) }),
  'account.password': z.strictObject({ name, password }),
  'account.roles': z.strictObject({ name, roles }),
  'account.sign-out': z.strictObject({ name }),
  'token.add': z.strictObject({
    name,
    /** An account of this kind is made when there is none. */
    kind: z.optional(kind),
    channels: z.optional(channels),
    days: z._default(days, 365),
    label: z.optional(label),
  }),
  'token.list': z.strictObject({ name }),
  'token.remove': z.strictObject({ name, id: z.string() }),
  'invite.add': z.strictObject({ roles: z.optional(roles), user: z.optional(name), days: z._default(days, 7) }),
  'invite.list': z.strictObject({}),
  'invite.remove': z.strictObject({ id: z.string() }),
  'audit.list': z.strictObject({
    limit: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(1000)), 100),
    before: z.optional(z.number()),
  }),
  'rights.explain': z.strictObject({
    who: name,
    action: z.enum(actions),
    topic: z.string(),
    client: z.optional(z.string()),
  }),
} as const;

export type CommandName = keyof typeof inputs;

type Input<Name extends CommandName> = z.infer<(typeof inputs)[Name]>;

/** Administration of accounts: what the command line, its socket and HTTP all do by the same words. */
export class Commands {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** @throws ParleyError `request-invalid` for what the command does not take, and what the command throws */
  async run(command: CommandName, given: unknown, by: By): Promise<unknown> {
    const schema = Object.hasOwn(inputs, command) ? inputs[command] : undefined;
    if (!schema) throw new ParleyError('request-invalid', `there is no command ${command.slice(0, 40)}`);
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new ParleyError('request-invalid', `${path.join('.') || command}: ${message}`);
    }
    return (this.#handlers[command] as (input: unknown, by: By) => unknown)(parsed.data, by);
  }

  readonly #handlers: { [Name in CommandName]: (input: Input<Name>, by: By) => unknown } = {
    'account.add': async ({ roles: given, ...input }, by) => {
      const account = await this.#context.accounts.add({ ...input, roles: given && this.#checkRoles(given) });
      this.#note(by, 'account.added', account.name, `${account.kind}; ${account.roles.join(', ')}`);
      return account;
    },
    'account.list': (input) => ({ accounts: this.#context.accounts.list(input.kind) }),
    'account.get': (input) => this.#get(input.name),
    'account.remove': async (input, by) => {
      this.#get(input.name, input.kind);
      await this.#context.accounts.remove(input.name);
      this.#note(by, 'account.removed', input.name);
    },
    'account.password': async (input, by) => {
      await this.#context.accounts.setPassword(input.name, input.password);
      this.#note(by, 'password.changed', input.name);
    },
    'account.roles': async (input, by) => {
      const account = await this.#context.accounts.setRoles(input.name, this.#checkRoles(input.roles));
      this.#note(by, 'roles.changed', input.name, account.roles.join(', '));
      return account;
    },
    'account.sign-out': async (input, by) => {
      await this.#context.accounts.signOutEverywhere(input.name);
      this.#note(by, 'sign-out.everywhere', input.name);
    },
    'token.add': async ({ name: account, kind: wanted, ...options }, by) => {
      if (wanted) await this.#ensure(account, wanted, by);
      const issued = await this.#context.tokens.access(account, options);
      this.#note(
        by,
        'token.added',
        account,
        `${issued.id}${options.channels ? `; ${options.channels.join(', ')}` : ''}`,
      );
      return issued;
    },
    'token.list': (input) => {
      this.#get(input.name);
      return { tokens: this.#context.tokens.list(input.name) };
    },
    'token.remove': async (input, by) => {
      await this.#context.tokens.revoke(input.name, input.id);
      this.#note(by, 'token.removed', input.name, input.id);
    },
    'invite.add': async ({ roles: given = defaultRoles.person, ...options }, by) => {
      const made = await this.#context.invites.create({ ...options, roles: this.#checkRoles(given) }, by.by);
      this.#note(by, 'invite.added', options.user, made.invite.roles.join(', '));
      return { ...made, url: this.#context.inviteUrl(made.code) };
    },
    'invite.list': () => ({ invites: this.#context.invites.list() }),
    'invite.remove': async (input, by) => {
      await this.#context.invites.revoke(input.id);
      this.#note(by, 'invite.removed', input.id);
    },
    'audit.list': (input) => ({ entries: this.#context.audit.list(input.limit, input.before) }),
    'rights.explain': ({ who, action, topic, client = '' }) =>
      this.#context.rights().explain({ id: client, user: who }, actionOf(action), topic),
  };

  #get(account: string, wanted?: AccountKind): Account {
    const found = this.#context.accounts.get(account);
    if (found && (wanted === undefined || found.kind === wanted)) return found;
    throw new ParleyError('not-found', `there is no ${wanted ?? 'account'} ${account.slice(0, 80)}`);
  }

  async #ensure(account: string, wanted: AccountKind, by: By): Promise<void> {
    if (this.#context.accounts.get(account)) return void this.#get(account, wanted);
    await this.run('account.add', { name: account, kind: wanted }, by);
  }

  #checkRoles(given: readonly string[]): readonly string[] {
    const { names } = this.#context.roles();
    const unknown = given.find((role) => !names.includes(role));
    if (unknown === undefined) return [...new Set(given)];
    throw new ParleyError('request-invalid', `there is no role ${unknown.slice(0, 64)}; there are ${names.join(', ')}`);
  }

  #note({ by, address }: By, event: string, to?: string, detail?: string): void {
    this.#context.audit.note({ event, by, address, to, detail });
  }
}

/** The file and the command line say `subscribe` for what is asked at every delivery. */
function actionOf(word: (typeof actions)[number]): Action {
  return word === 'subscribe' ? 'read' : word;
}
