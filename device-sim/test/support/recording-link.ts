import type { Incoming, LinkHandlers, LinkOptions, Message, OpenLink } from '../../src/link.ts';

export interface RecordedLink {
  readonly options: LinkOptions;
  readonly handlers: LinkHandlers;
  readonly sent: Message[];
  readonly filters: string[];
  connected: boolean;
  /** What faults did to it. */
  readonly acts: string[];
  /** As the broker would deliver it. */
  deliver(topic: string, payload: string, incoming?: Partial<Incoming>): void;
}

/** Links that go nowhere: what is sent is kept, and the test says when they are up. */
export function recordingLinks(): { readonly links: RecordedLink[]; readonly open: OpenLink } {
  const links: RecordedLink[] = [];
  const open: OpenLink = (options, handlers) => {
    const link: RecordedLink = {
      options,
      handlers,
      sent: [],
      filters: [],
      acts: [],
      connected: false,
      deliver: (topic, payload, incoming = {}) => {
        const { retained = false } = incoming;
        handlers.message(topic, Buffer.from(payload, 'latin1'), retained, { retained, ...incoming });
      },
    };
    links.push(link);
    const close = (): Promise<void> => {
      link.connected = false;
      return Promise.resolve();
    };
    return {
      get connected() {
        return link.connected;
      },
      unacknowledged: 0,
      send: (message, done) => {
        link.sent.push(message);
        done?.('sent');
      },
      publish: (message) => {
        link.sent.push(message);
        return Promise.resolve();
      },
      subscribe: (filters) => {
        link.filters.push(...filters);
        return Promise.resolve();
      },
      close,
      drop: close,
      cut: (isHasty = false) => void link.acts.push(isHasty ? 'cut hastily' : 'cut'),
      silence: (isOn) => void link.acts.push(isOn ? 'silent' : 'loud'),
      stopReading: (isOn) => void link.acts.push(isOn ? 'stopped' : 'reading'),
    };
  };
  return { links, open };
}

export function bringUp(link: RecordedLink): void {
  link.connected = true;
  link.handlers.up(false);
}
