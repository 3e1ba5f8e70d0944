import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Duplex } from 'node:stream';
import { ParleyError } from '@parley/shared';

export interface TlsTrust {
  /** PEM. */
  readonly ca?: string;
  readonly insecure?: boolean;
}

/** What one way of receiving cost: counted on its own sockets, below TLS. */
export class Traffic {
  requests = 0;
  readonly #sockets: Socket[] = [];
  readonly #trust: TlsTrust;

  constructor(trust: TlsTrust) {
    this.#trust = trust;
  }

  get bytesIn(): number {
    return this.#sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  get bytesOut(): number {
    return this.#sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  }

  /** A connection of its own, counted from its first byte. */
  open({ hostname, port, isTls }: { hostname: string; port: number; isTls: boolean }): Duplex {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port, noDelay: true });
    this.#sockets.push(socket);
    if (!isTls) return socket;
    const { ca, insecure } = this.#trust;
    const servername = /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {};
    return connectTls({ socket, ...servername, ...(ca && { ca }), ...(insecure && { rejectUnauthorized: false }) });
  }

  /** HTTP with keep-alive on counted connections; every request is counted. */
  http(base: string): HttpClient {
    const url = new URL(base);
    const isTls = url.protocol === 'https:';
    const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true });
    const port = Number(url.port) || (isTls ? 443 : 80);
    agent.createConnection = () => this.open({ hostname: url.hostname, port, isTls });
    return {
      request: (path, options, body) => {
        this.requests++;
        const request = (isTls ? httpsRequest : httpRequest)(new URL(path, url), { ...options, agent });
        request.end(body);
        return request;
      },
      close: () => agent.destroy(),
    };
  }
}

export interface HttpClient {
  request(path: string, options: RequestOptions, body?: string): ClientRequest;
  close(): void;
}

/** The answer's headers have come. @throws ParleyError `connect-failed` when the request fails or is aborted */
export function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (cause) => {
      reject(new ParleyError('connect-failed', `${request.protocol}//${request.host}: ${cause.message}`, { cause }));
    });
  });
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) text += String(chunk);
  return text;
}
