import type { Answer, Link, LinkEvents, Message, OpenLink, PublishOptions } from '@parley/shared/client';
import { utf8 } from '../../support.ts';

export interface Published extends PublishOptions {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** A hub's end of one connection, in the hands of the test. */
export class FakeLink implements Link {
  readonly published: Published[] = [];
  readonly subscribed: string[] = [];
  readonly events: LinkEvents;
  isEnded = false;
  /** What the hub answers to a publish. */
  answer: (publish: Published) => Answer | Promise<Answer> = () => ({ reasonCode: 0 });
  grant: (filter: string) => Answer = () => ({ reasonCode: 1 });

  constructor(events: LinkEvents) {
    this.events = events;
  }

  deliver(topic: string, payload: string, rest: Partial<Message> = {}): void {
    this.events.message({ topic, payload: utf8(payload), qos: 1, retain: false, ...rest });
  }

  async publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<Answer> {
    const publish = { topic, payload, ...options };
    this.published.push(publish);
    return this.answer(publish);
  }

  async subscribe(filter: string): Promise<Answer> {
    this.subscribed.push(filter);
    return this.grant(filter);
  }

  async unsubscribe(filter: string): Promise<void> {
    this.subscribed.splice(this.subscribed.indexOf(filter), 1);
  }

  probe(): Promise<void> {
    return new Promise(() => undefined);
  }

  async end(): Promise<void> {
    this.isEnded = true;
  }

  abort(): void {
    this.isEnded = true;
  }
}

/** Opens fake links and remembers them, newest last. */
export function fakeLinks(): { readonly links: FakeLink[]; readonly openLink: OpenLink } {
  const links: FakeLink[] = [];
  const openLink: OpenLink = (_url, _options, events) => {
    const link = new FakeLink(events);
    links.push(link);
    return link;
  };
  return { links, openLink };
}
