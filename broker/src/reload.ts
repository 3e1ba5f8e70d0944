import type { Auth } from './auth/auth.ts';
import type { Certificates } from './listen/certificate.ts';
import type { Gatekeeper } from './listen/gatekeeper.ts';
import type { Log } from './log.ts';
import type { Engine } from './mqtt/engine.ts';
import { engineLimits, needRestart } from './options/live.ts';
import type { HubOptions, OptionKey } from './options/table.ts';

export interface ReloadContext {
  readonly auth: Auth;
  readonly certificates: Certificates;
  readonly gatekeeper: Gatekeeper;
  readonly engine: Engine;
  readonly log: Log;
  /** Reads the options anew, from where they were given at the start. @throws ParleyError `option-invalid` */
  readonly read: () => HubOptions;
}

export interface Reloaded {
  /** Options that were changed but are used only after a restart. */
  readonly needRestart: readonly OptionKey[];
}

/** Takes what was changed outside while the hub runs: limits, rights and certificates. */
export class Reload {
  readonly #context: ReloadContext;
  readonly #started: HubOptions;

  constructor(context: ReloadContext, started: HubOptions) {
    this.#context = context;
    this.#started = started;
  }

  /**
   * What is wrong stays as it was: options, certificates and rules are each taken whole or not at all, in this order.
   * @throws ParleyError `option-invalid`, `certificate-unreadable`
   */
  run(by: string, address?: string): Reloaded {
    const { auth, certificates, gatekeeper, engine, log, read } = this.#context;
    const options = read();
    certificates.reload();
    auth.reloadRoles();
    engine.limit(engineLimits(options));
    gatekeeper.limit(options);
    log.level = options.logLevel;
    const later = needRestart(this.#started, options);
    auth.audit.note({ event: 'options.reloaded', by, address });
    log.info({ event: 'hub.reloaded', needRestart: later }, 'reloaded');
    return { needRestart: later };
  }
}
