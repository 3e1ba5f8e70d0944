import type { WrittenRule } from './rules.ts';

/**
 * Rules of a person: chat, commands to devices, and any plain topic; what devices say is theirs to say. The fixed rules of the
 * topics hold beside all roles: what the hub owns, `dm/`, `users/`, private channels.
 */
const member: readonly WrittenRule[] = [
  { allow: 'publish', topics: ['chat/#', 'dm/#', 'users/${user}/#', 'devices/+/commands/+', 'hub/requests/+'] },
  { deny: 'publish', topics: ['devices/#', 'users/#', 'hub/#'] },
  { allow: 'publish', topics: '#' },
  { allow: 'subscribe', topics: ['#', '$SYS/broker/#'] },
  { allow: 'create', topics: 'chat/+' },
  { allow: 'manage', topics: 'channels/${channel}' },
];

const moderation: readonly WrittenRule[] = [
  { allow: 'moderate', topics: 'chat/+' },
  { allow: 'manage', topics: 'channels/+' },
];

/** What roles mean when no file says otherwise. */
export const builtInRoles: Readonly<Record<string, readonly WrittenRule[]>> = {
  member,
  moderator: [...member, ...moderation],
  admin: [...member, ...moderation, { allow: 'administer' }],
  device: [
    {
      allow: ['publish', 'subscribe'],
      topics: ['devices/${device}/#', 'chat/${channel}/#', 'homeassistant/+/${device}/#'],
    },
    { allow: 'publish', topics: 'hub/requests/+' },
    { allow: 'subscribe', topics: ['channels/${channel}', 'homeassistant/status', 'hub/errors/+', 'hub/replies/#'] },
  ],
};
