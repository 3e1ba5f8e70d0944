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
}

/** Its message is the `error` of the reply. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

interface CommandOf<State, Args> {
  readonly args: z.ZodType<Args>;
  readonly run: (state: State, args: Args) => State;
}

interface Definition<State extends DeviceState, Commands> extends Pick<
  Behaviour<State>,
  'initial' | 'tick' | 'report' | 'readings'
> {
  readonly model: string;
  readonly metrics: About['metrics'];
  readonly commands: { readonly [Name in keyof Commands]: CommandOf<State, Commands[Name]> };
}

/** A behaviour from its parts: one schema per command gives both the check of `args` and its JSON Schema in `about`. */
export function behaviour<State extends DeviceState, Commands>(
  definition: Definition<State, Commands>,
): Behaviour<State> {
  const { model, metrics, initial, tick, report, readings } = definition;
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

  return { about, initial, tick, command, report, readings };
}

/** Without `$schema`: it is the draft 2020-12 that every reader assumes, and `about` is kept per device. */
function jsonSchema(schema: z.ZodType): Record<string, Json> {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema);
  return z.record(z.string(), z.json()).parse(rest);
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** As a sensor of that resolution would give it. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
