import { readFileSync } from 'node:fs';
import { isName, parseFilter, ParleyError } from '@parley/shared';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { builtInRoles } from './default-roles.ts';
import type { Action } from './rights.ts';
import { variables } from './rule-match.ts';
import type { RuleLevel } from './rule-match.ts';

/** Words of the file, and the actions they stand for. */
const words = {
  publish: 'publish',
  subscribe: 'read',
  create: 'create',
  manage: 'manage',
  moderate: 'moderate',
  administer: 'administer',
} as const satisfies Record<string, Action>;

type Word = keyof typeof words;

const wordList = z.array(z.enum(Object.keys(words) as Word[]));
const oneOrMore = z.union([z.enum(Object.keys(words) as Word[]), wordList]);
const topicsOf = z.union([z.string(), z.array(z.string()).check(z.maxLength(1000))]);
const ruleSchema = z.union([
  z.strictObject({ allow: oneOrMore, topics: z.optional(topicsOf) }),
  z.strictObject({ deny: oneOrMore, topics: z.optional(topicsOf) }),
]);
const fileSchema = z.strictObject({ roles: z.record(z.string(), z.array(ruleSchema).check(z.maxLength(1000))) });

/** One rule as it is written in the file. */
export type WrittenRule = z.infer<typeof ruleSchema>;

/** One filter of one rule. */
export interface Rule {
  readonly allow: boolean;
  readonly actions: ReadonlySet<Action>;
  readonly levels: readonly RuleLevel[];
  /** For a person: where it stands and what it says. */
  readonly says: string;
}

/** All roles with their rules, ready to be asked. */
export class Roles {
  readonly #roles = new Map<string, readonly Rule[]>();
  /** Whether some rule looks at client ids, so that a decision is not the same for all clients of a name. */
  readonly dependOnClients: boolean;

  constructor(written: Readonly<Record<string, readonly WrittenRule[]>>) {
    for (const [role, rules] of Object.entries(written)) {
      this.#roles.set(
        role,
        rules.flatMap((rule, index) => compile(role, rule, index + 1)),
      );
    }
    this.dependOnClients = [...this.#roles.values()].flat().some(({ levels }) => levels.includes('${client}'));
  }

  get(role: string): readonly Rule[] | undefined {
    return this.#roles.get(role);
  }

  get names(): string[] {
    return [...this.#roles.keys()];
  }
}

/**
 * The built-in roles, and those of a file over them: a role named there replaces the built-in one.
 * @throws ParleyError `option-invalid` naming the file and what is wrong with it
 */
export function readRoles(file: string | undefined): Roles {
  if (file === undefined) return new Roles(builtInRoles);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new ParleyError('option-invalid', `rightsFile ${file}: ${reason}`, { cause });
  };
  const parsed = fileSchema.safeParse(parseFile(file, refuse));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return refuse(`${path.join('.') || 'the file'}: ${message}`);
  }
  const bad = Object.keys(parsed.data.roles).find((role) => !isName(role));
  if (bad !== undefined) refuse(`role ${JSON.stringify(bad)} is not 1 to 64 of a-z 0-9 _ -`);
  try {
    return new Roles({ ...builtInRoles, ...parsed.data.roles });
  } catch (error) {
    return refuse((error as Error).message, error);
  }
}

function parseFile(file: string, refuse: (reason: string, cause: unknown) => never): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse((error as Error).message.split('\n', 1)[0]!, error);
  }
}

function compile(role: string, rule: WrittenRule, number: number): Rule[] {
  const allow = 'allow' in rule;
  const given = [allow ? rule.allow : rule.deny].flat();
  const actions = new Set<Action>(given.map((word) => words[word]));
  const filters = [rule.topics ?? ['#', '$SYS/#']].flat();
  return filters.map((filter) => ({
    allow,
    actions,
    levels: levelsOf(filter),
    says: `role ${role}, rule ${number}: ${allow ? 'allow' : 'deny'} ${given.join(', ')} ${filter}`,
  }));
}

/** @throws Error for a filter that is none */
function levelsOf(filter: string): readonly RuleLevel[] {
  const parsed = parseFilter(filter);
  if (!parsed || parsed.group !== undefined) throw new Error(`${JSON.stringify(filter)} is not a topic filter`);
  const levels = filter.split('/');
  const bad = levels.find((level) => level.includes('${') && !(variables as readonly string[]).includes(level));
  if (bad === undefined) return levels;
  throw new Error(`${bad} in ${filter}: a variable is a whole level and one of ${variables.join(', ')}`);
}
