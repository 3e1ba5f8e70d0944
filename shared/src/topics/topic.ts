import { ParleyError } from '../errors.ts';
import type { Codec } from '../codecs/codec.ts';
import { checkName, isName } from './names.ts';

type ParamNames<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? ParamNames<Head> | ParamNames<Tail>
  : Pattern extends `:${infer Name}`
    ? Name
    : never;

/** The named levels of a pattern: `devices/:device/status` has `{ device: string }`. */
export type TopicParams<Pattern extends string> = Readonly<Record<ParamNames<Pattern>, string>>;

/** What must hold between the levels of a topic, beyond the shape of each. */
export interface TopicRule {
  /** For the message of the error: what the topic takes. */
  readonly says: string;
  holds(params: Readonly<Record<string, string>>): boolean;
}

export interface TopicFacts<Payload> {
  /** One sentence for docs/topics.md: what it carries. */
  readonly about: string;
  /** Who may publish. */
  readonly publisher: string;
  readonly codec: Codec<Payload>;
  readonly qos: 0 | 1 | 2;
  readonly retain?: boolean;
  /** Shapes of levels that are not plain names, by parameter. */
  readonly levels?: Readonly<Record<string, RegExp>>;
  readonly rule?: TopicRule;
}

/** One row of the topic table, for both directions: build, parse and filter, with codec, QoS and retain. */
export interface Topic<Pattern extends string = string, Payload = unknown> extends Required<
  Omit<TopicFacts<Payload>, 'levels' | 'rule'>
> {
  readonly pattern: Pattern;
  /**
   * @throws ParleyError `name-invalid` when a level is not what the pattern takes, `topic-invalid` when the levels do
   *   not go together
   */
  build(params: TopicParams<Pattern>): string;
  /** The named levels, or undefined when the name is not of this topic. */
  parse(name: string): TopicParams<Pattern> | undefined;
  /** The filter for all such topics; levels that are given stay literal. */
  filter(params?: Partial<TopicParams<Pattern>>): string;
}

type Params = Readonly<Record<string, string>>;

export function topic<const Pattern extends string, Payload>(
  pattern: Pattern,
  { levels: shapes = {}, rule, ...facts }: TopicFacts<Payload>,
): Topic<Pattern, Payload> {
  const levels = pattern
    .split('/')
    .map((level) => (level.startsWith(':') ? { param: level.slice(1) } : { literal: level }));

  const fits = (param: string, value: string): boolean => shapes[param]?.test(value) ?? isName(value);

  const checkLevel = (param: string, value: string | undefined): string => {
    if (value === undefined) throw new ParleyError('name-invalid', `${pattern} needs ${param}`);
    if (fits(param, value)) return value;
    if (!shapes[param]) return checkName(value, param);
    throw new ParleyError('name-invalid', `${param} ${JSON.stringify(value.slice(0, 80))} is no level of ${pattern}`);
  };

  const fill = (level: (param: string) => string): string =>
    levels.map(({ param, literal }) => (param === undefined ? literal : level(param))).join('/');

  const build = (params: Params): string => {
    const name = fill((param) => checkLevel(param, params[param]));
    if (rule && !rule.holds(params))
      throw new ParleyError('topic-invalid', `${pattern} takes ${rule.says}, not ${name}`);
    return name;
  };

  const parse = (name: string): Params | undefined => {
    const given = name.split('/');
    if (given.length !== levels.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, { param, literal }] of levels.entries()) {
      const value = given[index]!;
      if (param === undefined ? value !== literal : !fits(param, value)) return undefined;
      if (param !== undefined) params[param] = value;
    }
    return rule && !rule.holds(params) ? undefined : params;
  };

  const filter = (params: Partial<Params> = {}): string =>
    fill((param) => (params[param] === undefined ? '+' : checkLevel(param, params[param])));

  return { ...facts, pattern, retain: facts.retain ?? false, build, filter, parse };
}
