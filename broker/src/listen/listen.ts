import type { AddressInfo, Server } from 'node:net';
import { ParleyError } from '@parley/shared';

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use',
  EACCES: 'is not permitted to this user',
};
/** Where the port has no part in it. */
const hostReasons: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not a known host name',
};

/**
 * Connections the system accepts ahead of the hub, as far as it allows so many (Linux: `net.core.somaxconn`). After a restart
 * all clients come at once; those that find no place wait seconds before they knock again.
 */
const BACKLOG = 4096;

/**
 * Opens a server and gives the port it got.
 * @param option the option that chose the port, for the message
 * @throws ParleyError `listen-failed`
 */
export async function listen(server: Server, host: string, port: number, option: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(listenFailure(cause, host, port, option));
    server.once('error', failed);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function listenFailure(cause: NodeJS.ErrnoException, host: string, port: number, option: string): ParleyError {
  const hostReason = hostReasons[cause.code ?? ''];
  if (hostReason) return new ParleyError('listen-failed', `${host} (option host) ${hostReason}`, { cause });
  const reason = reasons[cause.code ?? ''] ?? `cannot be opened: ${cause.message}`;
  return new ParleyError('listen-failed', `port ${port} on ${host} (option ${option}) ${reason}`, { cause });
}

/** Stops accepting and frees the port at once. Connections that are open end with their owner, not here. */
export function stopListening(server: Server): void {
  if (server.listening) server.close();
}
