import type { Aedes } from 'aedes';
import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { guarded } from './guard.ts';

/** Aedes' registry of clients, with its events and `connectedClients`; its types leave it out. */
interface AedesInternals {
  readonly clients: Record<string, unknown>;
  registerClient(client: Connection): void;
  unregisterClient(client: Connection): void;
}

function internals(aedes: Aedes): AedesInternals {
  return aedes as unknown as AedesInternals;
}

export function register(core: Core, connection: Connection): void {
  guarded(core, 'client', () => internals(core.aedes).registerClient(connection), undefined);
}

/** Another connection of the same client id may have taken its place. */
export function unregister(core: Core, connection: Connection): void {
  const aedes = internals(core.aedes);
  if (aedes.clients[connection.id] !== connection) return;
  guarded(core, 'clientDisconnect', () => aedes.unregisterClient(connection), undefined);
}
