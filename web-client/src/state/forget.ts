import type { ClientStorage } from '@parley/shared/client';

/** Keys of one user in the page's own storage, such as drafts and muted channels. */
function ownKeys(storage: Storage, user: string): string[] {
  return Object.keys(storage).filter((key) => key.startsWith(`parley:${user}:`));
}

/** Texts that were begun and not sent. */
export function draftsOf(storage: Storage, user: string): number {
  return ownKeys(storage, user).filter((key) => key.startsWith(`parley:${user}:draft:`)).length;
}

/** Removes what this browser keeps of a user: cached entries, what waits to be sent, read positions, drafts. */
export async function forget(kept: ClientStorage | undefined, storage: Storage, user: string): Promise<void> {
  for (const key of ownKeys(storage, user)) storage.removeItem(key);
  if (!kept) return;
  const found = await Promise.all(['outbox', 'cache', 'read'].map((what) => kept.list(`${what}/${user}/`)));
  await Promise.all(found.flat().map(([key]) => kept.delete(key)));
}
