import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { readAs } from '../link/read.ts';
import type { Read } from '../link/read.ts';
import { keptDevices } from '../state/devices/stored.ts';
import type { Devices } from '../state/devices.ts';

/** What the pages of devices need of a visit. */
export interface KeptSession {
  readonly user: string;
  readonly devices: Devices;
  readonly link: { readonly status: { readonly state: string }; readonly connection: number };
}

/** How often what is said in words of time is said anew, in ms. */
const TICK_MS = 10_000;

/** Reads what the hub kept of devices, on every connection; knows whether what is shown is live, and what time it is. */
export function keepingUp(host: ReactiveControllerHost, session: () => KeptSession): Kept {
  const kept = new Kept(host, session);
  host.addController(kept);
  return kept;
}

class Kept implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: () => KeptSession;
  #connection = -1;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** ms since the Unix epoch, in steps. */
  now = Date.now();
  /** Whether the hub was asked, with or without success. */
  loaded = false;

  constructor(host: ReactiveControllerHost, session: () => KeptSession) {
    this.#host = host;
    this.#session = session;
  }

  get live(): boolean {
    return this.#session().link.status.state === 'online';
  }

  get read(): Read {
    return readAs(this.#session().user);
  }

  hostConnected(): void {
    this.now = Date.now();
    this.#timer = setInterval(() => {
      this.now = Date.now();
      this.#host.requestUpdate();
    }, TICK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#connection = -1;
  }

  hostUpdated(): void {
    const { connection } = this.#session().link;
    if (!this.live || connection === this.#connection) return;
    this.#connection = connection;
    void this.#load();
  }

  async #load(): Promise<void> {
    const { devices } = this.#session();
    try {
      devices.addKept(await keptDevices(this.read));
    } catch {
      // What is live shows all the same.
    }
    this.loaded = true;
    this.#host.requestUpdate();
  }
}
