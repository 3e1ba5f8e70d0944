import type { LinkHandlers, LinkOptions, Message, OpenLink } from '../../src/link.ts';

export interface RecordedLink {
  readonly options: LinkOptions;
  readonly handlers: LinkHandlers;
  readonly sent: Message[];
  readonly filters: string[];
  connected: boolean;
}

/** Links that go nowhere: what is sent is kept, and the test says when they are up. */
export function recordingLinks(): { readonly links: RecordedLink[]; readonly open: OpenLink } {
  const links: RecordedLink[] = [];
  const open: OpenLink = (options, handlers) => {
    const link: RecordedLink = { options, handlers, sent: [], filters: [], connected: false };
    links.push(link);
    const close = (): Promise<void> => {
      link.connected = false;
      return Promise.resolve();
    };
    return {
      get connected() {
        return link.connected;
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
    };
  };
  return { links, open };
}

export function bringUp(link: RecordedLink): void {
  link.connected = true;
  link.handlers.up();
}
