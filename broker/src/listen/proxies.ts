import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** Whether an address is a proxy that may say whom it speaks for. */
export type IsTrusted = (address: string) => boolean;

/** @param proxies addresses, networks in CIDR, or `loopback`, `linklocal`, `uniquelocal` */
export function trusting(proxies: readonly string[]): IsTrusted {
  if (proxies.length === 0) return () => false;
  const trust = proxyAddr.compile([...proxies]);
  return (address) => address !== '' && trust(address, 0);
}

/** Where a request really comes from: what named proxies say in X-Forwarded-For, from the last one back to the first that is none. */
export function addressOfRequest(request: IncomingMessage, isTrusted: IsTrusted): string {
  return proxyAddr(request, (address) => isTrusted(address ?? '')) ?? '';
}

/** Where connections really come from whose proxy said so (PROXY protocol), by both ends of their sockets. */
const peers = new Map<string, string>();

/** TLS wraps a socket in another one; the ends are the same. */
function endsOf({ remoteAddress, remotePort, localPort }: Partial<Socket>): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

export function setPeer(socket: Socket, address: string): void {
  const ends = endsOf(socket);
  peers.set(ends, address);
  socket.once('close', () => peers.delete(ends));
}

/** Where a connection comes from, as far as it is known. */
export function peerOf(socket: Partial<Socket>): string {
  const said = peers.size === 0 ? undefined : peers.get(endsOf(socket));
  return said ?? socket.remoteAddress ?? '';
}
