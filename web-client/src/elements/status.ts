import type { Presence } from '@parley/shared';
import type { Device } from '../state/device.ts';
import { agoOf } from './words.ts';

export interface Standing {
  readonly lamp: 'online' | 'offline';
  readonly words: string;
}

/** Whether a device is there, and when it last was: by its own status, else by what it sends. */
export function standingOf({ status, seenAt }: Device, presence: Presence | undefined, now = Date.now()): Standing {
  if (status === 'online' || (status === undefined && seenAt !== undefined && now - seenAt < 60_000)) {
    return { lamp: 'online', words: 'online' };
  }
  const last = Math.max(seenAt ?? 0, presence?.status === 'offline' ? presence.at : 0);
  return { lamp: 'offline', words: last > 0 ? `offline, seen ${agoOf(last, now)}` : 'offline' };
}
