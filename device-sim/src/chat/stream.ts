import { setTimeout as pause } from 'node:timers/promises';
import { json, ownErrors, topics } from '@parley/shared';
import { ulid } from 'ulid';
import { openLink } from '../link.ts';
import type { Link } from '../link.ts';
import type { Account, OutgoingDraft } from './api.ts';
import { reasonOf } from './reason.ts';
import { signalled } from './session.ts';
import type { Session, SessionContext } from './session.ts';
import { visible } from './visible.ts';

/** Waits before the log is asked for again: the HTTP side of a hub may start after its MQTT side. */
const retryWaitsMs = [200, 600, 1500];

export interface StreamOptions extends Account {
  readonly url: string;
  readonly channel: string;
}

/** Pushed to over MQTT. The log over HTTP gives the history, and what a lost connection missed. */
export function streamSession(options: StreamOptions, context: SessionContext): Session {
  const { channel, name, password, url } = options;
  const { reader, outbox, presence, terminal } = context;
  const joined = signalled();
  let isAway = false;

  const synchronise = async (): Promise<void> => {
    try {
      await link.subscribe([topics.chat.build({ channel }), topics.presence.filter(), ownErrors], 1);
      await persistently(() => reader.catchUp(), context.signal);
    } catch (error) {
      if (!link.connected) return;
      terminal.warn(`the log cannot be read (${reasonOf(error)}); showing what arrives`);
    }
    joined.tell();
  };

  const publish = async ({ id, text }: OutgoingDraft): Promise<void> => {
    await joined.heard;
    const payload = json.encode({ id, text });
    try {
      await link.publish({ topic: topics.chat.build({ channel }), payload, qos: 1, retain: false });
      outbox.acknowledged(id);
    } catch {
      // Only when the link is closed; the outbox then names what is missing.
    }
  };

  const link: Link = openLink(
    {
      url,
      // Two terminals of one person are two clients.
      clientId: `${name}-${ulid().slice(-8).toLowerCase()}`,
      username: name,
      random: Math.random,
      ...(password !== undefined && { password }),
    },
    {
      up: () => {
        if (isAway) terminal.note('connected again');
        isAway = false;
        void synchronise();
      },
      down: (problem) => {
        reader.disconnected();
        if (!isAway) terminal.warn(`the hub is away${problem ? ` (${problem.message})` : ''}; trying again`);
        isAway = true;
      },
      refused: (error) => context.fail(`the hub refused ${name}: ${error.message}`),
      message: (topic, payload, retained) => receive(topic, payload, retained),
    },
  );

  const receive = (topic: string, payload: Uint8Array, retained: boolean): void => {
    try {
      const member = topics.presence.parse(topic);
      if (member) presence.heard(member.name, topics.presence.codec.decode(payload).status, retained);
      else if (topics.chat.parse(topic)) push(payload);
      else if (topics.hubError.parse(topic)) terminal.warn(refusal(payload));
    } catch {
      // Not from a Parley hub: nothing that could be shown.
    }
  };
  const push = (payload: Uint8Array): void => {
    const entry = topics.chat.codec.decode(payload);
    reader.push(entry).catch((error: unknown) => terminal.warn(`the log cannot be read (${reasonOf(error)})`));
  };

  return {
    joined: joined.heard,
    send: (draft) => {
      if (isAway) terminal.note(`kept until the hub is back: ${visible(draft.text)}`);
      void publish(draft);
    },
    close: () => link.close(),
  };
}

function refusal(payload: Uint8Array): string {
  const { code, message } = topics.hubError.codec.decode(payload);
  return `refused: ${visible(message)} (${visible(code)})`;
}

async function persistently(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (const waitMs of retryWaitsMs) {
    try {
      return await work();
    } catch {
      await pause(waitMs, undefined, { signal });
    }
  }
  await work();
}
