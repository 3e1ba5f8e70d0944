import type { Transport } from '../scenario/schema.ts';
import type { UrlOf } from '../fleet.ts';

const transportOf: Readonly<Record<string, Transport>> = {
  'mqtt:': 'tcp',
  'mqtts:': 'tls',
  'ws:': 'ws',
  'wss:': 'wss',
};

/** Where a hub with its defaults listens. */
const defaults: Readonly<Record<Transport, string>> = {
  tcp: 'mqtt://127.0.0.1:1883',
  tls: 'mqtts://127.0.0.1:8883',
  ws: 'ws://127.0.0.1:8080/mqtt',
  wss: 'wss://127.0.0.1:8080/mqtt',
};

/** One more `--url`. */
export function anotherUrl(check: (text: string) => string): (text: string, before: string[] | undefined) => string[] {
  return (text, before = []) => [...before, check(text)];
}

/**
 * Where devices connect: each transport to the address of its scheme. A transport without one takes the first address
 * that was given, so that one address is enough for any scenario.
 */
export function urlsFor(given: readonly string[]): UrlOf {
  const urls = new Map(given.map((url) => [transportOf[new URL(url).protocol]!, withPath(url)]));
  const [first] = urls.values();
  return (transport) => urls.get(transport) ?? first ?? defaults[transport];
}

/** The transports of a scenario that go another way than it says, as no address for them was given. */
export function elsewhere(transports: readonly Transport[], urlOf: UrlOf): Transport[] {
  return [...new Set(transports)].filter((one) => transportOf[new URL(urlOf(one)).protocol] !== one);
}

/** MQTT over WebSocket is at `/mqtt` almost everywhere. */
function withPath(url: string): string {
  const parsed = new URL(url);
  if (parsed.protocol.startsWith('ws') && parsed.pathname === '/') parsed.pathname = '/mqtt';
  return parsed.protocol.startsWith('ws') ? parsed.href : url;
}
