import { checkName, dmPair } from '../topics/names.ts';
import { topics } from '../topics/topics.ts';

/** A log that is talked in: a channel, or the direct messages with one user. Its names on every side. */
export interface Place {
  /** `general`, or `dm/ben`: in storage, and below `users/<user>/read/`. */
  readonly key: string;
  /** Of the channel, or of the other user. */
  readonly name: string;
  readonly topic: string;
  readonly typingTopic: string;
  /** What the hub says of it, retained; direct messages have none. */
  readonly aboutTopic?: string;
  /** Of its messages in the HTTP API. */
  readonly path: string;
  readonly readTopic: string;
}

/** @throws ParleyError `name-invalid` */
export function channelPlace(user: string, channel: string): Place {
  return {
    key: checkName(channel, 'channel'),
    name: channel,
    topic: topics.chat.build({ channel }),
    typingTopic: topics.chatTyping.build({ channel }),
    aboutTopic: topics.channel.build({ channel }),
    path: `/api/channels/${channel}/messages`,
    readTopic: topics.readPosition.build({ user, channel }),
  };
}

/** @throws ParleyError `name-invalid` */
export function dmPlace(user: string, peer: string): Place {
  const pair = dmPair(user, checkName(peer, 'user'));
  return {
    key: `dm/${peer}`,
    name: peer,
    topic: topics.dm.build(pair),
    typingTopic: topics.dmTyping.build(pair),
    path: `/api/dm/${peer}/messages`,
    readTopic: topics.dmReadPosition.build({ user, peer }),
  };
}

/** The place of a key of storage. */
export function placeOf(user: string, key: string): Place {
  return key.startsWith('dm/') ? dmPlace(user, key.slice(3)) : channelPlace(user, key);
}
