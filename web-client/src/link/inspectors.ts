import { Inspector } from '../state/topics/inspector.ts';
import { MqttTap } from './mqtt-tap.ts';

/** What the topics page needs of the visit it belongs to. */
export interface InspectedSession {
  readonly user: string;
  readonly link: {
    readonly status: { readonly state: string };
    watch(listener: () => void): () => void;
  };
}

const inspectors = new WeakMap<InspectedSession, Inspector>();

/** The inspector of a visit, with a connection of its own from the first use until the visit ends. */
export function inspectorOf(session: InspectedSession): Inspector {
  const known = inspectors.get(session);
  if (known) return known;
  const tap = new MqttTap({ url: mqttUrl(location), username: session.user, clientId: `topics-${randomId()}` });
  const made = new Inspector(tap);
  inspectors.set(session, made);
  const wake = (): void => tap.wake();
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  const release = session.link.watch(() => {
    const { state } = session.link.status;
    // The other connection found the hub: there is no need to wait for our own turn.
    if (state === 'online') tap.wake();
    if (state !== 'closed') return;
    release();
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
    tap.close();
  });
  tap.open();
  return made;
}

function mqttUrl({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/mqtt`;
}

/** `crypto.randomUUID` is only there on secure origins; a hub on a home network is none. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}
