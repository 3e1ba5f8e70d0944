import type { HubFacts } from '../../link/api.ts';
import { hostAndPort } from '../lines.ts';

export interface Onboarded {
  readonly name: string;
  readonly token: string;
  /** ms since the Unix epoch. */
  readonly expiresAt: number;
}

/** Keeps the token in the shell and publishes one reading as the device. */
export function publishLine(host: string, hub: HubFacts | undefined, { name, token }: Onboarded): string {
  const line = `mosquitto_pub ${hostAndPort(host, hub)} -u ${name} -P "$TOKEN" -t devices/${name}/telemetry`;
  return `TOKEN=${token}\n${line} -m '{"temperature":21.5}'`;
}

/** Prints the commands that the device gets, in the same shell. */
export function commandsLine(host: string, hub: HubFacts | undefined, { name }: Onboarded): string {
  return `mosquitto_sub ${hostAndPort(host, hub)} -u ${name} -P "$TOKEN" -t devices/${name}/commands/+ -v`;
}

/** The lines of a sketch for PubSubClient: online by its will, one reading. Its 256 bytes are too few for a token. */
export function arduinoLines(host: string, hub: HubFacts | undefined, { name, token }: Onboarded): string {
  return [
    '#include <PubSubClient.h>',
    '',
    `const char* DEVICE = "${name}";`,
    `const char* TOKEN = "${token}";`,
    'PubSubClient hub(network);  // WiFiClient network;',
    '',
    '// in setup()',
    'hub.setBufferSize(1024);',
    `hub.setServer("${host.replaceAll(/[[\]]/g, '')}", ${hub?.mqttPort ?? 1883});`,
    '',
    '// whenever it is not connected',
    `if (hub.connect(DEVICE, DEVICE, TOKEN, "devices/${name}/status", 1, true, "offline")) {`,
    `  hub.publish("devices/${name}/status", "online", true);`,
    `  hub.subscribe("devices/${name}/commands/+", 1);`,
    '}',
    '',
    '// in loop(), beside hub.loop()',
    `hub.publish("devices/${name}/telemetry", "{\\"temperature\\":21.5}");`,
  ].join('\n');
}
