import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { apiScope } from '../http/api-scope.ts';
import { administrationRoutes } from '../http/routes/administration.ts';
import { reloadRoute } from '../http/routes/reload.ts';
import { signInRoutes } from '../http/routes/sign-in.ts';
import { isSecure } from '../listen/origin.ts';
import { addressOfRequest, peerOf } from '../listen/proxies.ts';
import type { IsTrusted } from '../listen/proxies.ts';
import type { Log } from '../log.ts';
import type { Broker, BrokerContext } from '../mqtt/broker.ts';
import type { HubOptions } from '../options/table.ts';
import type { Reload } from '../reload.ts';
import type { Scope } from '../scope.ts';
import { listenForCommands } from './admin-socket.ts';
import type { Auth } from './auth.ts';
import { Commands } from './commands.ts';
import { cookieToken } from './cookie.ts';
import { inviteUrl } from './invite-url.ts';
import { authenticateConnections, endRevoked, noteWill } from './mqtt.ts';
import type { Rights } from './rights.ts';

/** Who connects over MQTT; undefined with `auth: open`, where names are claims. */
export function authenticateWith(
  auth: Auth,
  options: HubOptions,
  { rights, isTrusted }: Pick<BrokerContext, 'rights'> & { readonly isTrusted: IsTrusted },
): BrokerContext['authenticate'] {
  if (!auth.enabled) return undefined;
  const secure = isSecure(options);
  return authenticateConnections({
    ...auth.parts,
    rights,
    // A cookie alone opens no WebSocket: the page that brings it has to name its origin, which was checked.
    cookieOf: ({ headers }) => (headers.origin === undefined ? undefined : cookieToken(headers, secure)),
    addressOf: ({ req, conn }) => (req ? addressOfRequest(req, isTrusted) : peerOf(conn as Socket)),
  });
}

/** Wills are judged when they are left, and connections end with what they were let in by. */
export function watchConnections(auth: Auth, { aedes, engine }: Broker, log: Log, scope: Scope): void {
  if (!auth.enabled) return;
  aedes.preConnect = noteWill;
  endRevoked(engine, aedes, { accounts: auth.accounts, log }, scope);
}

export interface AuthApiContext {
  readonly auth: Auth;
  readonly rights: Rights;
  readonly log: Log;
  /** The port of the page. */
  readonly port: () => number;
}

/** What can be done with accounts, over HTTP and from the command line. */
export class AuthApi {
  readonly #context: AuthApiContext;
  readonly #options: HubOptions;
  readonly #commands: Commands;

  constructor(context: AuthApiContext, options: HubOptions) {
    const { auth, rights } = context;
    this.#context = context;
    this.#options = options;
    this.#commands = new Commands({
      ...auth.parts,
      rights: () => rights,
      roles: () => auth.roles,
      inviteUrl: (code) => this.#linkOf(code),
    });
  }

  async routes(http: FastifyInstance, reload: Reload): Promise<void> {
    const { auth, rights } = this.#context;
    if (!auth.enabled) return;
    await apiScope(http, 'json', (api) => {
      signInRoutes(api, { ...auth.parts, rights, isSecure: isSecure(this.#options) });
      administrationRoutes(api, { commands: this.#commands, rights, roles: () => auth.roles });
      reloadRoute(api, { rights, reload });
    });
  }

  /** Once the ports are open. Gives the link of the first administrator, when there is nobody yet. */
  async start(scope: Scope): Promise<string | undefined> {
    const { auth, log } = this.#context;
    const { store, dataDir } = this.#options;
    if (store !== 'memory') await listenForCommands(dataDir, this.#commands, log, scope);
    auth.start(scope);
    const code = auth.enabled ? await auth.invites.first() : undefined;
    return code === undefined ? undefined : this.#linkOf(code);
  }

  #linkOf(code: string): string {
    return inviteUrl(this.#options, this.#context.port(), code);
  }
}
