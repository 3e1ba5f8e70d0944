import { Auth } from '../auth/auth.ts';
import { askHub } from '../auth/admin-socket.ts';
import { Commands } from '../auth/commands.ts';
import type { CommandName } from '../auth/commands.ts';
import { inviteUrl } from '../auth/invite-url.ts';
import { Rights } from '../auth/rights.ts';
import { storedMembers } from '../auth/stored-members.ts';
import { createLog } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import { openEmbeddedStore } from '../store/embedded.ts';
import { StoreError } from '../store/errors.ts';
import type { Store } from '../store/store.ts';

/**
 * Does an administrative command: with the store itself while no hub runs on it, else by asking that hub.
 * @throws ParleyError
 */
export async function perform(options: HubOptions, command: CommandName, input: object): Promise<unknown> {
  const store = openUnlessInUse(options.dataDir);
  if (!store) return askHub(options.dataDir, { command, input });
  try {
    return await commandsOn(store, options).run(command, input, { by: 'command line' });
  } finally {
    await store.close();
  }
}

function openUnlessInUse(directory: string): Store | undefined {
  try {
    return openEmbeddedStore({ directory });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'store-in-use') return undefined;
    throw error;
  }
}

function commandsOn(store: Store, options: HubOptions): Commands {
  const auth = new Auth(store, options, createLog('warn'));
  const members = storedMembers(store);
  const rights = new Rights(members, auth.policy(members));
  return new Commands({
    ...auth.parts,
    rights: () => rights,
    roles: () => auth.roles,
    inviteUrl: (code) => inviteUrl(options, options.httpPort, code),
  });
}
