import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions, Server } from 'node:tls';
import { ParleyError } from '@parley/shared';
import type { Log } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';

export type CertificateOptions = Pick<HubOptions, 'tlsCert' | 'tlsKey' | 'tlsCa'>;

/** What every TLS listener of the hub is made with. */
export interface TlsSettings extends SecureContextOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Clients are asked for a certificate; one that `ca` did not sign counts as none. */
  readonly requestCert: boolean;
  readonly rejectUnauthorized: false;
}

/**
 * TLS 1.2 and 1.3 with forward secrecy and authenticated encryption alone: Mozilla's intermediate list
 * (https://wiki.mozilla.org/Security/Server_Side_TLS), without DHE. An ESP32 has them, too.
 */
const modern = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const;

/** Files are looked at this often, so that a renewed certificate is used without anybody saying so. */
const LOOK_MS = 60_000;

/**
 * The configured certificate and key, or undefined without one.
 * @throws ParleyError `certificate-unreadable`
 */
export function readCertificate({ tlsCert, tlsKey, tlsCa }: CertificateOptions): TlsSettings | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const files = { cert: read(tlsCert, 'tlsCert'), key: read(tlsKey, 'tlsKey') };
  const ca = tlsCa === undefined ? {} : { ca: read(tlsCa, 'tlsCa') };
  const settings: TlsSettings = {
    ...modern,
    ...files,
    ...ca,
    requestCert: tlsCa !== undefined,
    rejectUnauthorized: false,
  };
  try {
    createSecureContext(settings);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new ParleyError('certificate-unreadable', `tlsCert ${tlsCert} with tlsKey ${tlsKey}: ${reason}`, { cause });
  }
  return settings;
}

/** The certificate in use, and the listeners that use it. A new one is for new connections; those that are open stay. */
export class Certificates {
  readonly #options: CertificateOptions;
  readonly #log: Log;
  readonly #servers: Server[] = [];
  #seen: string;

  constructor(options: CertificateOptions, log: Log, scope: Scope) {
    this.#options = options;
    this.#log = log;
    this.#seen = this.#look();
    if (options.tlsCert === undefined) return;
    const timer = setInterval(() => this.#lookAgain(), LOOK_MS).unref();
    scope.defer(() => clearInterval(timer));
  }

  use(server: Server): void {
    this.#servers.push(server);
  }

  /** Reads the files anew. @throws ParleyError `certificate-unreadable`; the old certificate stays in use then */
  reload(): void {
    const settings = readCertificate(this.#options);
    if (!settings) return;
    for (const server of this.#servers) server.setSecureContext(settings);
    this.#seen = this.#look();
    this.#log.info({ event: 'certificate.loaded', file: this.#options.tlsCert }, 'certificate loaded');
  }

  #lookAgain(): void {
    if (this.#look() === this.#seen) return;
    try {
      this.reload();
    } catch (error) {
      // Half of it may have been written yet: the next look finds the rest.
      this.#log.warn({ event: 'certificate.unreadable' }, (error as Error).message);
    }
  }

  #look(): string {
    const { tlsCert, tlsKey, tlsCa } = this.#options;
    return [tlsCert, tlsKey, tlsCa].map((file) => changedAt(file)).join();
  }
}

function changedAt(file: string | undefined): number {
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function read(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ParleyError('certificate-unreadable', `${option} ${file}: ${(cause as Error).message}`, { cause });
  }
}
