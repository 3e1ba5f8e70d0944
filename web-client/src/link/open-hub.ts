import { memoryStorage } from '@parley/shared/client';
import type { Hub } from '@parley/shared/client';
import { connectHub } from '@parley/shared/client/browser';
import { reliesOnCookie, renewed } from './authorization.ts';

export interface OpenedHub {
  readonly hub: Hub;
  /** False when what is written here is gone with the page. */
  readonly keeps: boolean;
}

/** The client library on this origin. Where a browser withholds IndexedDB (some private windows), it works without. */
export async function openHub(user: string): Promise<OpenedHub> {
  const options = { url: location.origin, user, ...(reliesOnCookie() && { token: renewed }) };
  try {
    const hub = await connectHub(options);
    return { hub, keeps: true };
  } catch {
    return { hub: await connectHub({ ...options, storage: memoryStorage() }), keeps: false };
  }
}
