import { checkName, normaliseCommand, ParleyError, topics } from '@parley/shared';
import type { Entry } from '@parley/shared';
import { ulid } from 'ulid';
import type { Actor } from '../auth/rights.ts';
import { nameOf } from '../auth/identity.ts';
import type { Chat } from '../chat/chat.ts';
import { Change, Notice } from '../chat/post.ts';
import type { Publisher, Stage } from './hooks.ts';
import type { Message, Publishable } from './message.ts';
import type { MessageProperties, QoS } from './packets.ts';

/** A publish as `admit` takes and gives it. */
export type Publish = Publishable;

/** Topics under these roots mean something; all others are plain MQTT. */
const roots = new Set(['chat', 'dm', 'channels', 'presence', 'users', 'devices', 'hub', '$SYS']);

/**
 * What a publish becomes before it is stored and routed: a draft becomes its stamped entry, a command gets its one
 * form, the rest stays as it is. Every publish passes here once, from the wire, a will, HTTP or an embedder.
 *
 * @param actor who publishes; null is the hub itself
 * @param stage where rows go that are kept with the publish
 * @returns what to route, or null when nothing is to be delivered (a repeated entry id, a request)
 * @throws ParleyError what was refused, with its reason code
 */
export function admit(chat: Chat, publish: Message, actor: Publisher | null, stage: Stage): Publish | null {
  if (actor instanceof Change) {
    actor.stage(stage);
    return actor instanceof Notice ? admitChat(chat, publish, null, stage) : publish;
  }
  const { topic } = publish;
  const root = topic.slice(0, Math.max(0, topic.indexOf('/')));
  if (!chat.rights.may(actor, 'publish', topic)) {
    throw new ParleyError('not-authorized', `${nameOf(actor)} may not publish to ${topic}`);
  }
  if (!roots.has(root)) return publish;
  if (root === 'chat' || root === 'dm') return admitChat(chat, publish, actor, stage);
  if (root === 'users') return admitUsers(chat, publish, actor, stage);
  if (root === 'hub') return admitHub(chat, publish, actor);
  return root === 'devices' ? admitDevice(chat, publish) : publish;
}

/** `chat/<channel>` and `dm/<a>/<b>` take drafts; whatever is below is typing or plain MQTT. */
function admitChat(chat: Chat, publish: Message, actor: Actor | null, stage: Stage): Publish | null {
  const [root, , second, third] = publish.topic.split('/', 4);
  const isDraft = root === 'chat' ? second === undefined : second !== undefined && third === undefined;
  if (!isDraft) return admitTyping(publish, actor);
  const { topic, qos, properties } = publish;
  const { entry, repeated } = chat.append(publish, actor, stage);
  return repeated ? null : entryPublish(topic, entry, qos, properties);
}

/** Read positions are checked; the hub itself may empty them. */
function admitUsers(chat: Chat, publish: Message, actor: Actor | null, stage: Stage): Publish | null {
  if (actor === null && publish.payload.length === 0) return publish;
  const position = chat.admitPosition(publish, actor, stage);
  return position === undefined ? publish : position;
}

/** Requests are for the hub alone. */
function admitHub({ requests }: Chat, publish: Message, actor: Publisher | null): Publish | null {
  if (!publish.topic.startsWith('hub/requests/')) return publish;
  requests.take(publish, actor);
  return null;
}

/** An entry as it goes to subscribers: QoS 1, or 2 if the draft's was; never retained, late readers have the log. */
function entryPublish(topic: string, entry: Entry, qos: QoS, draft: MessageProperties | undefined): Publish {
  const { contentType } = topics.chat.codec;
  const userProperties = draft?.userProperties;
  return {
    topic,
    payload: topics.chat.codec.encode(entry),
    qos: qos === 2 ? 2 : 1,
    retain: false,
    properties: { contentType, ...(userProperties && { userProperties }) },
  };
}

/** Typing says who and when; whatever the payload was, the hub writes it. */
function admitTyping(publish: Message, actor: Actor | null): Publish {
  const { topic } = publish;
  if (!topics.chatTyping.parse(topic) && !topics.dmTyping.parse(topic)) return publish;
  const payload = topics.chatTyping.codec.encode({ from: nameOf(actor), at: Date.now() });
  return { topic, payload, qos: 0, retain: false };
}

function admitDevice({ presence }: Chat, publish: Message): Publish {
  const { topic, payload, qos, retain, properties } = publish;
  const command = /^devices\/([^/]+)\/commands\/[^/]+$/.exec(topic);
  if (command) {
    checkName(command[1]!, 'device');
    return { topic, payload: topics.command.codec.encode(normaliseCommand(payload, ulid)), qos, retain, properties };
  }
  const status = topics.deviceStatus.parse(topic);
  if (status) presence.report(status.device, payload.toString() === 'online');
  return publish;
}
