import { networkInterfaces } from 'node:os';
import type { Hub } from './hub.ts';
import { isLoopback } from './listen/loopback.ts';
import { version } from './version.ts';

/** What a person reads after the start: where everything listens and how to join from another terminal. */
export function banner({ options, ports, invite }: Pick<Hub, 'options' | 'ports' | 'invite'>): string {
  const secure = options.tlsCert !== undefined;
  const everywhere = options.host === '0.0.0.0' || options.host === '::';
  const host = everywhere ? 'localhost' : options.host;
  const password = options.auth === 'accounts' ? ' -P …' : '';
  const who = options.auth === 'accounts' ? ' -u ana -P …' : '';
  const inUrl = host.includes(':') ? `[${host}]` : host;
  return [
    '',
    `Parley ${version} is running.`,
    '',
    `  App        ${secure ? 'https' : 'http'}://${inUrl}:${ports.http}`,
    `  MQTT       mqtt://${inUrl}:${ports.mqtt}   (MQTT 5, 3.1.1 and 3.1)`,
    ...(everywhere
      ? lanAddresses().map((address) => `  Network    ${secure ? 'https' : 'http'}://${address}:${ports.http}`)
      : []),
    ...(ports.mqtts === undefined ? [] : [`  MQTT, TLS  mqtts://${inUrl}:${ports.mqtts}`]),
    `  WebSocket  ${secure ? 'wss' : 'ws'}://${inUrl}:${ports.http}/mqtt`,
    '',
    'Join from another terminal:',
    `  mosquitto_sub -h ${host} -p ${ports.mqtt}${who} -t 'chat/#' -v`,
    `  mosquitto_pub -h ${host} -p ${ports.mqtt} -u ana${password} -t chat/general -m 'hello from a terminal'`,
    '',
    ...(invite === undefined
      ? []
      : ['Nobody has an account yet. The first administrator makes one here, once, within a day:', `  ${invite}`, '']),
    ...reach(options),
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

/** Addresses by which others on the network reach this machine. */
function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}

function reach({ host, auth }: Pick<Hub['options'], 'host' | 'auth'>): string[] {
  if (!isLoopback(host) && auth === 'accounts') return [];
  if (!isLoopback(host)) return ['Names are claims: anyone who reaches these ports can use any name.'];
  return [`Only this machine can connect (host ${host}). To open it to your network: npm start -- --host 0.0.0.0`];
}
