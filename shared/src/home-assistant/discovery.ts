import { json } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import type { About } from '../devices/about.ts';
import { isName } from '../topics/names.ts';
import { topics } from '../topics/topics.ts';
import { commandEntities } from './commands.ts';
import type { Entity } from './entity.ts';
import { isPlain, onOff, value } from './templates.ts';
import { binaryClasses, sensorClass, totals, unitOf } from './units.ts';

/** One entity of Home Assistant: to be published retained, QoS 1. */
export interface DiscoveryMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** Home Assistant says here `online` when it has started and wants to be told again (MQTT, "Use the birth message"). */
export const homeAssistantStatus = 'homeassistant/status';

/** Every config that there is. */
export const discoveryFilter = 'homeassistant/+/+/+/config';

/** An `about` may be long; Home Assistant keeps each entity. */
const MOST_ENTITIES = 256;
const ORIGIN = 'Parley';

/**
 * What Home Assistant is told of a device: `homeassistant/<component>/<device>/<object>/config` for each metric and each
 * value that a command takes, by https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery.
 * @param version of the program that tells it
 */
export function discoveryOf(device: string, about: About, version: string): DiscoveryMessage[] {
  const commands = commandEntities(device, about);
  const shown = new Set(commands.map(({ metric }) => metric));
  const metrics = Object.keys(about.metrics)
    .filter((metric) => isPlain(metric) && !shown.has(metric))
    .map((metric) => metricEntity(device, metric, about));
  const messages = new Map<string, DiscoveryMessage>(); // by topic
  for (const entity of [...metrics, ...commands].slice(0, MOST_ENTITIES)) {
    const object = objectId(entity.object);
    const topic = `homeassistant/${entity.component}/${device}/${object}/config`;
    const config = { ...entity.config, ...common(device, about, entity, object, version) };
    if (!messages.has(topic)) messages.set(topic, { topic, payload: json.encode(config) });
  }
  return [...messages.values()];
}

/** The device that a config was made for by {@link discoveryOf}; undefined for one of somebody else. */
export function discoveredDevice(topic: string, payload: Uint8Array): string | undefined {
  const device = topic.split('/', 3)[2];
  if (device === undefined || !isName(device)) return undefined;
  try {
    const config = json.decode(payload) as { origin?: { name?: Json }; unique_id?: Json };
    const { origin, unique_id: id } = config;
    const isOurs = origin?.name === ORIGIN && typeof id === 'string' && id.startsWith(`parley-${device}-`);
    return isOurs ? device : undefined;
  } catch {
    return undefined;
  }
}

function common(
  device: string,
  about: About,
  { component, object: name }: Entity,
  object: string,
  version: string,
): Record<string, Json> {
  return {
    name: titled(name),
    unique_id: `parley-${device}-${component}-${object}`,
    availability_topic: topics.deviceStatus.build({ device }),
    payload_available: 'online',
    payload_not_available: 'offline',
    device: { identifiers: [`parley-${device}`], name: device, model: about.model.slice(0, 128) },
    origin: { name: ORIGIN, sw_version: version },
  };
}

function metricEntity(device: string, metric: string, about: About): Entity {
  const { unit, min, max, class: given } = about.metrics[metric]!;
  const state_topic = topics.telemetry.build({ device });
  const isBare = unit === undefined && min === undefined && max === undefined;
  if (isBare && (binaryClasses.has(given ?? '') || given === 'lock')) {
    const config = { state_topic, value_template: onOff(metric), payload_on: 'on', payload_off: 'off' };
    return {
      component: 'binary_sensor',
      object: metric,
      config: { ...config, ...(given !== 'lock' && { device_class: given! }) },
    };
  }
  const deviceClass = sensorClass(metric, given, unit);
  const written = unitOf(unit);
  // Without any of these it may as well be a text, and a text has no statistics.
  const isNumber = written !== '' || min !== undefined || max !== undefined || deviceClass !== undefined;
  return {
    component: 'sensor',
    object: metric,
    config: {
      state_topic,
      value_template: value(metric),
      ...(written !== '' && { unit_of_measurement: written }),
      ...(deviceClass !== undefined && { device_class: deviceClass }),
      ...(isNumber && { state_class: totals.has(deviceClass ?? '') ? 'total_increasing' : 'measurement' }),
    },
  };
}

/** Only `a-z A-Z 0-9 _ -` may stand in the topic; what had to be replaced is told apart by a hash. */
function objectId(name: string): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
  return plain === name ? plain : `${plain}-${hash(name)}`;
}

/** FNV-1a, 32 bits: names of one device are few. */
function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return (sum >>> 0).toString(36);
}

function titled(name: string): string {
  const words = name.replaceAll(/[_./:-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
