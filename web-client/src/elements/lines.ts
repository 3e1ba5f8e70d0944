import type { HubFacts } from '../link/api.ts';

/** Where a terminal finds the hub. Names of hosts need no quotes, and an IPv6 address of a page's location comes in brackets. */
export function hostAndPort(host: string, hub: HubFacts | undefined): string {
  return `-h ${host.replaceAll(/[[\]]/g, '')} -p ${hub?.mqttPort ?? 1883}`;
}

/** The two lines that join from a terminal: one reads, one writes. */
export function terminalLines(host: string, hub: HubFacts | undefined, channel = 'general'): [string, string] {
  const at = `${hostAndPort(host, hub)} -t chat/${channel}`;
  if (hub?.auth === 'accounts') {
    const who = '-u NAME -P PASSWORD';
    return [`mosquitto_sub ${at} ${who}`, `mosquitto_pub ${at} ${who} -m hello`];
  }
  return [`mosquitto_sub ${at}`, `mosquitto_pub ${at} -u terminal -m hello`];
}

/** Starts the simulated home against this hub, wherever it listens. */
export function simulatorLine({ hostname, host, protocol }: Location, hub: HubFacts | undefined): string {
  const port = hub?.mqttPort ?? 1883;
  const isDefault = port === 1883 && host === '127.0.0.1:8080';
  const ws = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/mqtt`;
  return `npx parley-sim run home${isDefault ? '' : ` --url mqtt://${hostname}:${port} --url ${ws}`}`;
}
