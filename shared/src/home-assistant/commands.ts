import { isJsonObject } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import type { About } from '../devices/about.ts';
import { topics } from '../topics/topics.ts';
import { levelShape } from '../topics/names.ts';
import { args, isPlain, onOff, value } from './templates.ts';
import { unitOf } from './units.ts';
import type { Entity } from './entity.ts';

type Schema = Record<string, Json>;

/** One value that a command takes: a property of its args, or the args themselves. */
interface Control {
  readonly device: string;
  readonly command: string;
  readonly property: string | undefined;
  readonly schema: Schema;
  readonly about: About;
}

/** Beyond these Home Assistant has no text (Text, "min" and "max"). */
const LONGEST_TEXT = 255;
const NUMBERS = { minimum: -1_000_000, maximum: 1_000_000 };
/** The smallest that is taken (Number, "step"). */
const SMALLEST_STEP = 0.001;

/**
 * Entities that send the commands of a device: one for each value a command can be sent with alone, a button for one that
 * takes nothing. What needs two values at once has no entity.
 */
export function commandEntities(device: string, about: About): Entity[] {
  return Object.entries(about.commands).flatMap(([command, { args: schema = {} }]) => {
    if (!levelShape.test(command)) return [];
    return [...controls(device, command, schema, about)].flatMap((control) => entityOf(control) ?? []);
  });
}

function* controls(device: string, command: string, schema: Schema, about: About): Generator<Control> {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const isObject = schema['type'] === undefined || schema['type'] === 'object';
  if (!isObject || Object.keys(properties).length === 0) {
    if (isObject && required.length > 0) return;
    yield { device, command, property: undefined, schema: isObject ? {} : schema, about };
    return;
  }
  for (const [property, own] of Object.entries(properties)) {
    const alone = required.every((name) => name === property);
    if (alone && isPlain(property) && isJsonObject(own)) yield { device, command, property, schema: own, about };
  }
}

function entityOf(control: Control): Entity | undefined {
  const { property, schema } = control;
  const { type, enum: options } = schema;
  if (Array.isArray(options))
    return options.every((one) => typeof one === 'string') ? select(control, options) : undefined;
  if (type === 'boolean') return switchOf(control);
  if (type === 'number' || type === 'integer') return number(control);
  if (type === 'string') return text(control);
  return type === undefined && property === undefined ? button(control) : undefined;
}

function button({ device, command }: Control): Entity {
  return {
    component: 'button',
    object: command,
    config: { command_topic: topics.command.build({ device, command }), payload_press: '{"args":{}}', qos: 1 },
  };
}

function switchOf(control: Control): Entity {
  const { property } = control;
  return {
    ...sent(control, 'switch'),
    config: {
      ...stated(control, onOff),
      command_topic: topicOf(control),
      payload_on: args(property, 'true'),
      payload_off: args(property, 'false'),
      state_on: 'on',
      state_off: 'off',
      qos: 1,
    },
  };
}

function number(control: Control): Entity {
  const { schema, property } = control;
  const metric = metricOf(control);
  const whole = schema['type'] === 'integer';
  const min = numberOf(schema['minimum']) ?? metric?.min ?? NUMBERS.minimum;
  const max = numberOf(schema['maximum']) ?? metric?.max ?? NUMBERS.maximum;
  const unit = unitOf(metric?.unit);
  const step = Math.max(SMALLEST_STEP, numberOf(schema['multipleOf']) ?? (whole ? 1 : 0.1));
  return {
    ...sent(control, 'number'),
    config: {
      ...stated(control, value),
      command_topic: topicOf(control),
      command_template: args(property, whole ? '{{ value | int }}' : '{{ value }}'),
      min,
      max: Math.max(min, max),
      step,
      ...(max - min > 1000 * step && { mode: 'box' }),
      ...(unit !== '' && { unit_of_measurement: unit }),
      qos: 1,
    },
  };
}

function select(control: Control, options: readonly Json[]): Entity {
  const template = args(control.property, '{{ value | tojson }}');
  return {
    ...sent(control, 'select'),
    config: {
      ...stated(control, value),
      command_topic: topicOf(control),
      command_template: template,
      options: [...options],
      qos: 1,
    },
  };
}

function text(control: Control): Entity {
  const { schema, property } = control;
  const max = Math.min(LONGEST_TEXT, numberOf(schema['maxLength']) ?? LONGEST_TEXT);
  return {
    ...sent(control, 'text'),
    config: {
      ...stated(control, value),
      command_topic: topicOf(control),
      command_template: args(property, '{{ value | tojson }}'),
      min: Math.min(max, numberOf(schema['minLength']) ?? 0),
      max,
      qos: 1,
    },
  };
}

/** Where its state is: telemetry when it is a metric too, else what the device reports. */
function stated(control: Control, template: (name: string) => string): Record<string, Json> {
  const { device, property } = control;
  if (property === undefined) return {};
  const topic = metricOf(control) ? topics.telemetry.build({ device }) : topics.deviceState.build({ device });
  return { state_topic: topic, value_template: template(property) };
}

function sent(
  { command, property, about }: Control,
  component: string,
): Pick<Entity, 'component' | 'object' | 'metric'> {
  const metric = property !== undefined && Object.hasOwn(about.metrics, property) ? property : undefined;
  return { component, object: property === undefined ? command : `${command}_${property}`, ...(metric && { metric }) };
}

function metricOf({ property, about }: Control): About['metrics'][string] | undefined {
  return property !== undefined && Object.hasOwn(about.metrics, property) ? about.metrics[property] : undefined;
}

function topicOf({ device, command }: Control): string {
  return topics.command.build({ device, command });
}

function numberOf(given: Json | undefined): number | undefined {
  return typeof given === 'number' ? given : undefined;
}
