import './styles/tokens.css';
import './elements/app/app.ts';
import { Api } from './link/api.ts';
import { openHub } from './link/open-hub.ts';
import { Session } from './state/session.ts';

const memory = localStorage;

async function makeSession(user: string): Promise<Session> {
  const { hub, keeps } = await openHub(user);
  return new Session({ hub, keeps, api: new Api(user), memory });
}

document.querySelector('parley-app')!.context = { api: new Api(), memory, makeSession };
