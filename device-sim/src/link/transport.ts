import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Duplex } from 'node:stream';
import { openWebSocket } from '../websocket.ts';

export interface TlsOptions {
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False takes any certificate. */
  readonly rejectUnauthorized?: boolean;
}

/** Sockets of one process read into the same memory: each chunk is consumed before the next read. */
const shared = Buffer.allocUnsafeSlow(64 * 1024);

const ports: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 };

/** A stream to a broker; what is written before it is open waits. */
export function openStream(url: string, tls: TlsOptions, read: (bytes: Buffer) => void): Duplex {
  const { protocol, hostname, port: given } = new URL(url);
  if (protocol.startsWith('ws')) return openWebSocket(url, tls).on('data', read);
  // URL keeps the brackets of an IPv6 address.
  const host = hostname.replace(/^\[|\]$/g, '');
  const port = given === '' ? ports[protocol]! : Number(given);
  if (protocol === 'mqtts:') return connectTls({ host, port, servername: serverName(host), ...tls }).on('data', read);
  const callback = (length: number): boolean => {
    read(shared.subarray(0, length));
    return true;
  };
  return connect({ host, port, noDelay: true, onread: { buffer: shared, callback } });
}

/** SNI takes names only (RFC 6066 §3). */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
