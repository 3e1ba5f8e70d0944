import type { Server, Socket } from 'node:net';
import { steadyNow } from '../clock.ts';
import type { Log } from '../log.ts';
import { limited } from '../mqtt/log-limit.ts';
import type { HubOptions } from '../options/table.ts';
import { placeOf } from './place.ts';
import { setPeer, trusting } from './proxies.ts';
import type { IsTrusted } from './proxies.ts';
import { readProxyHeader } from './proxy-header.ts';

export type GatekeeperOptions = Pick<
  HubOptions,
  'trustedProxies' | 'proxyProtocol' | 'connectTimeoutSeconds' | 'maxConnectsPerSecond' | 'maxConnections'
>;

type GatekeeperLimits = Pick<HubOptions, 'maxConnectsPerSecond' | 'maxConnections'>;

/** Addresses whose rate is remembered; the one that came longest ago makes room. */
const REMEMBERED = 20_000;

interface Bucket {
  /** Connections it may still open at once. */
  readonly left: number;
  readonly at: number;
}

/** Who gets as far as a listener: not too many a second from one address, and from proxies only with whom they speak for. */
export class Gatekeeper {
  readonly isTrusted: IsTrusted;
  #rate: number;
  #maxConnections: number;
  readonly #servers: { readonly server: Server; readonly more: number }[] = [];
  readonly #options: GatekeeperOptions;
  readonly #buckets = new Map<string, Bucket>();
  readonly #refused: (event: string, fields: Record<string, unknown>) => void;
  readonly #now: () => number;

  constructor(options: GatekeeperOptions, log: Log, now: () => number = steadyNow) {
    this.#options = options;
    this.#rate = options.maxConnectsPerSecond;
    this.#maxConnections = options.maxConnections;
    this.isTrusted = trusting(options.trustedProxies);
    this.#refused = limited((event, fields) => log.warn({ event, ...fields }, 'connection refused'));
    this.#now = now;
  }

  /**
   * Bounds the sockets of a listener, those included that have not come as far as MQTT: a proxy's header, a handshake.
   * @param more than the MQTT connections there may be
   */
  bound(server: Server, more: number): void {
    this.#servers.push({ server, more });
    server.maxConnections = this.#maxConnections + more;
  }

  /** Other limits, from now on. */
  limit({ maxConnectsPerSecond, maxConnections }: GatekeeperLimits): void {
    this.#rate = maxConnectsPerSecond;
    this.#maxConnections = maxConnections;
    for (const { server, more } of this.#servers) server.maxConnections = maxConnections + more;
  }

  /** Passes a connection on, or ends it. A proxy's header is taken off first. */
  receive(socket: Socket, pass: (socket: Socket) => void): void {
    const isBehindProxy = this.#options.proxyProtocol === 'on';
    // To ask the system for the address of each takes its time.
    if (!isBehindProxy && this.#rate === 0) return pass(socket);
    const { remoteAddress = '' } = socket;
    if (isBehindProxy && this.isTrusted(remoteAddress)) return this.#readHeader(socket, pass);
    if (this.admits(remoteAddress)) pass(socket);
    else socket.destroy();
  }

  /** Counts a connection; false when it is one too many. A proxy may open as many as its clients need. */
  admits(address: string): boolean {
    if (this.#rate === 0 || this.isTrusted(address)) return true;
    const place = placeOf(address);
    const now = this.#now();
    const most = this.#rate * 2;
    const { left, at } = this.#buckets.get(place) ?? { left: most, at: now };
    const refilled = Math.min(most, left + ((now - at) / 1000) * this.#rate);
    const isAdmitted = refilled >= 1;
    this.#keep(place, { left: isAdmitted ? refilled - 1 : refilled, at: now });
    if (!isAdmitted) this.#refused('connection.rate', { remote: address });
    return isAdmitted;
  }

  #keep(place: string, bucket: Bucket): void {
    this.#buckets.delete(place);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= REMEMBERED && oldest !== undefined) this.#buckets.delete(oldest);
    this.#buckets.set(place, bucket);
  }

  /** Takes what comes until the header is whole; what follows it is put back. */
  #readHeader(socket: Socket, pass: (socket: Socket) => void): void {
    let bytes = Buffer.alloc(0);
    const end = (): void => {
      socket.destroy();
      this.#refused('connection.proxy', { remote: socket.remoteAddress });
    };
    const timer = setTimeout(end, this.#options.connectTimeoutSeconds * 1000);
    const onError = (): void => void socket.destroy();
    const onReadable = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk; chunk = socket.read() as Buffer | null) {
        bytes = Buffer.concat([bytes, chunk]);
      }
      const header = readProxyHeader(bytes);
      if (header === null && !socket.readableEnded) return;
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('close', onClose);
      if (!header) return end();
      if (header.address !== undefined) setPeer(socket, header.address);
      const isAdmitted = header.address === undefined || this.admits(header.address);
      if (!isAdmitted) return void socket.destroy();
      if (bytes.length > header.length) socket.unshift(bytes.subarray(header.length));
      pass(socket);
    };
    const onClose = (): void => clearTimeout(timer);
    socket.on('readable', onReadable);
    socket.on('error', onError);
    socket.on('close', onClose);
  }
}
