import { isName } from '@parley/shared';
import * as z from 'zod';
import { behaviourNames } from '../behaviours/all.ts';
import { codecNames } from '../telemetry.ts';
import { expectationsSchema } from './expectations.ts';
import { faultSchema } from './faults.ts';
import { duration, offset, orMissing } from './values.ts';

export const transports = ['tcp', 'tls', 'ws', 'wss'] as const;
export type Transport = (typeof transports)[number];

/** A device of one's own: the path of a module, seen from the scenario's file. */
const modulePath = /^\.{0,2}\/.*\.[mc]?[jt]s$/;

const behaviour = z
  .string({ error: orMissing('expected the name of a behaviour, or the path of a module') })
  .refine(
    (text) => behaviourNames.some((one) => one === text) || modulePath.test(text),
    `expected ${behaviourNames.join(', ')}, or the path of a module, such as ./kettle.ts`,
  )
  .describe('What the devices are: a built-in behaviour, or the path of a TypeScript or JavaScript module')
  .meta({ anyOf: [{ enum: behaviourNames }, { pattern: modulePath.source }] });

const name = z.string({ error: orMissing('expected 1 to 64 of a-z 0-9 _ -') });

const commandSchema = z.strictObject({
  command: z.string().describe('A command of the behaviour'),
  args: z.json().default({}).describe('Its arguments'),
  every: duration.describe('How often; each time to one device, chosen by the seed'),
  timeout: duration.default(10_000).describe('How long the answer may take'),
});

const scheduleSchema = z
  .strictObject({
    from: offset.default(0).describe('When the devices are switched on'),
    until: offset.optional().describe('When they are switched off'),
    repeat: duration.optional().describe('After this it begins again'),
  })
  .superRefine(({ from, until, repeat }, context) => {
    if (until !== undefined && until <= from) {
      context.addIssue({ code: 'custom', path: ['until'], message: 'expected a time after from' });
    }
    if (repeat !== undefined && (until === undefined || repeat <= until)) {
      context.addIssue({ code: 'custom', path: ['repeat'], message: 'expected a time after until' });
    }
  });

export const groupSchema = z.strictObject({
  name: name.describe('Of each device; {n} counts from 1'),
  behaviour,
  count: z.int().min(1).max(10_000).default(1).describe('How many devices'),
  transport: z.enum(transports).default('tcp').describe('How they connect'),
  protocol: z.literal(['3.1.1', 5]).default('3.1.1').describe('Version of MQTT'),
  codec: z.enum(codecNames).default('json').describe('How readings are written'),
  interval: duration.describe('Between two readings of a device'),
  jitter: z.number().min(0).max(1).default(0).describe('The share of the interval each may be longer or shorter by'),
  qos: z.literal([0, 1, 2]).default(0).describe('Of the readings'),
  rampUp: duration.optional().describe('The devices are switched on one after another over this time'),
  schedule: scheduleSchema.optional().describe('When the devices are switched on'),
  session: z.enum(['clean', 'kept']).default('clean').describe('Whether the broker keeps it while a device is away'),
  keepAlive: duration.default(60_000).describe('Of their connections, in whole seconds'),
  offlineQueue: z.int().min(0).max(100_000).default(1000).describe('Readings of QoS 1 and 2 kept while offline'),
  channel: name.optional().describe('A chat channel in which the devices answer when they are mentioned'),
  faults: z.array(faultSchema).max(50).default([]).describe('What goes wrong'),
  commands: z.array(commandSchema).max(50).default([]).describe('Commands that the run sends to the devices'),
});

export const scenarioSchema = z
  .strictObject({
    description: z.string().optional().describe('One line for the list'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .optional()
      .describe('The same seed gives the same devices, readings and faults'),
    for: duration.optional().describe('How long it runs; without it, until it is stopped'),
    readings: z.int().min(1).optional().describe('How many readings it takes before it stops'),
    settle: duration.default(10_000).describe('How long what is under way may take to arrive at the end'),
    groups: z.array(groupSchema).min(1).max(1000),
    expectations: expectationsSchema.optional().describe('What must hold at the end; otherwise the exit code is 1'),
  })
  .superRefine(({ groups }, context) => {
    const taken = new Set<string>();
    for (const [index, group] of groups.entries()) {
      for (const [key, message] of problemsOf(group, taken)) {
        context.addIssue({ code: 'custom', path: ['groups', index, key], message });
      }
    }
    if (taken.size > mostDevices) context.addIssue({ code: 'custom', message: `more than ${mostDevices} devices` });
  });

/** One process has so many sockets, ports and so much memory. */
const mostDevices = 20_000;

export type Scenario = z.infer<typeof scenarioSchema>;
export type Group = z.infer<typeof groupSchema>;
export type ScheduledCommand = z.infer<typeof commandSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;

function problemsOf(group: Group, taken: Set<string>): [key: string, message: string][] {
  const problems: [string, string][] = [];
  const problem = problemOfNames(group, taken);
  if (problem) problems.push(['name', problem]);
  if (group.channel !== undefined && !isName(group.channel)) problems.push(['channel', notName(group.channel)]);
  if (group.keepAlive % 1000 !== 0 || group.keepAlive > 65_535_000) {
    problems.push(['keepAlive', 'expected whole seconds up to 65535s']);
  }
  return problems;
}

function problemOfNames(group: Group, taken: Set<string>): string | undefined {
  if (group.count > 1 && !group.name.includes('{n}')) return 'a name for more than one device needs {n}';
  for (const one of namesOf(group)) {
    if (!isName(one)) return notName(one);
    if (taken.has(one)) return `${one} is the name of another device already`;
    taken.add(one);
  }
  return undefined;
}

function notName(text: string): string {
  return `${JSON.stringify(text)} is not 1 to 64 of a-z 0-9 _ -, starting with a letter or digit`;
}

export function namesOf({ name: pattern, count }: Pick<Group, 'name' | 'count'>): string[] {
  return Array.from({ length: count }, (_, index) => pattern.replaceAll('{n}', String(index + 1)));
}

/** The JSON Schema of a scenario's file, for editors: device-sim/scenarios/schema.json. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' });
  return { title: 'A scenario of parley-sim', ...schema };
}
