import { createServer } from 'node:http';
import type { Scope } from '../scope.ts';
import { listen } from './listen.ts';
import type { Address } from './tcp.ts';

const TIMEOUT_MS = 10_000;

/**
 * Plain HTTP that only says where https is (308 keeps method and body, RFC 9110 §15.4.9). Gives the port it got.
 * @param target the hub as browsers reach it, from the host that a request names
 */
export function listenRedirect(
  { host, port }: Address,
  target: (hostname: string) => string,
  scope: Scope,
): Promise<number> {
  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (request, response) => {
    const name = hostnameOf(request.headers.host);
    const path = request.url?.startsWith('/') ? request.url : '/';
    if (name === undefined) response.writeHead(400, { Connection: 'close' });
    else response.writeHead(308, { Location: target(name) + path, Connection: 'close' });
    response.end();
    request.resume();
  });
  scope.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  return listen(server, host, port, 'httpRedirectPort');
}

/** Of a Host header (RFC 9110 §7.2); undefined for one that is none. */
function hostnameOf(header: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[\w.-]{1,253})(?::\d{1,5})?$/i.exec(header ?? '')?.[1];
}
