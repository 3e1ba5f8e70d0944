import type { About, FlatTelemetry, Json } from '@parley/shared';
import * as z from 'zod';
import type { Random } from '../random.ts';

/** Everything a device remembers, as JSON: it can be stored, compared and replayed. */
export type DeviceState = Record<string, Json>;

export interface Step {
  /** Simulated seconds since the last tick. */
  readonly seconds: number;
  readonly random: Random;
}

export interface Start {
  readonly random: Random;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** What one kind of device is. Pure: the same state, seconds and random numbers give the same result. */
export interface Behaviour<State extends DeviceState = DeviceState> {
  /** Published retained, with a JSON Schema of every command's `args`. */
  readonly about: About;
  initial(start: Start): State;
  tick(state: State, step: Step): State;
  /** @throws CommandRefused when there is no such command or `args` are not what it takes */
  command(state: State, name: string, args: Json): State;
  /** The part of the state that is published retained on `devices/<device>/state`; it changes in steps, not always. */
  report(state: State): FlatTelemetry;
  /** One value per metric of `about`. */
  readings(state: State): FlatTelemetry;
  /**
   * Simulated seconds that a command takes before `command` has its effect; its progress is told on the way.
   * Absent: none. Called with arguments that `command` takes.
   */
  seconds?(name: string, args: Json): number;
  readonly chat?: Chat<State>;
}

/** What a device has to say in a chat channel. */
export interface Chat<State extends DeviceState = DeviceState> {
  /** What it says by itself, asked after each tick and command. */
  says(state: State): string | undefined;
  /** What it answers to a mention that does not ask for its readings. */
  answers(state: State): string;
}

/** Its message is the `error` of the reply. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

interface CommandOf<State, Args> {
  readonly args: z.ZodType<Args>;
  /** Simulated seconds until it is done; none when it is absent. */
  readonly seconds?: (args: Args) => number;
  readonly run: (state: State, args: Args) => State;
}

interface Definition<State extends DeviceState, Commands> extends Pick<
  Behaviour<State>,
  'initial' | 'tick' | 'report' | 'readings' | 'chat'
> {
  readonly model: string;
  readonly metrics: About['metrics'];
  readonly commands: { readonly [Name in keyof Commands]: CommandOf<State, Commands[Name]> };
}

/** A behaviour from its parts: one schema per command gives both the check of `args` and its JSON Schema in `about`. */
export function behaviour<State extends DeviceState, Commands>(
  definition: Definition<State, Commands>,
): Behaviour<State> {
  const { model, metrics, initial, tick, report, readings, chat } = definition;
  const commands = new Map<string, CommandOf<State, unknown>>(Object.entries(definition.commands));
  const about: About = { model, metrics, commands: {} };
  for (const [name, { args }] of commands) about.commands[name] = { args: jsonSchema(args) };

  const command = (state: State, name: string, args: Json): State => {
    const known = commands.get(name);
    if (!known) throw new CommandRefused(`unknown command ${name}; ${model} takes ${[...commands.keys()].join(', ')}`);
    const parsed = known.args.safeParse(args);
    if (parsed.success) return known.run(state, parsed.data);
    const { path, message } = parsed.error.issues[0]!;
    throw new CommandRefused(`${['args', ...path].join('.')}: ${message}`);
  };

  const seconds = (name: string, args: Json): number => {
    const known = commands.get(name);
    return known?.seconds?.(known.args.parse(args)) ?? 0;
  };

  return { about, initial, tick, command, report, readings, seconds, ...(chat && { chat }) };
}

/** A new version of a device's own program: a command that takes its time. */
export function firmwareUpdate<State extends { firmware: string }>(): CommandOf<
  State,
  { version: string; seconds: number }
> {
  return {
    args: z.strictObject({
      version: z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'expected a version such as 1.2.0'),
      seconds: z.number().min(0.1).max(3600).default(20),
    }),
    seconds: ({ seconds }) => seconds,
    run: (state, { version }) => ({ ...state, firmware: version }),
  };
}

/** Without `$schema`: it is the draft 2020-12 that every reader assumes, and `about` is kept per device. */
function jsonSchema(schema: z.ZodType): Record<string, Json> {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return z.record(z.string(), z.json()).parse(rest);
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** As a sensor of that resolution would give it. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
