import './styles/tokens.css';
import './elements/app/app.ts';
import { httpApi } from './link/api.ts';
import { MqttLink } from './link/mqtt-link.ts';
import { Session } from './state/session.ts';

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`;
const api = httpApi();
const memory = localStorage;

function makeSession(user: string): Session {
  const connect = (): MqttLink => new MqttLink({ url, username: user, clientId: `web-${randomId()}` });
  return new Session({ user, api, memory, connect });
}

/** `crypto.randomUUID` is only there on secure origins; a hub on a home network is none. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0'))
    .join('')
    .slice(0, 12);
}

document.querySelector('parley-app')!.context = { api, memory, makeSession };
