import { rememberedToken, rememberToken } from '../state/me.ts';
import type { Memory } from '../state/memory.ts';
import { Api, ApiError } from './api.ts';
import type { SignedIn } from './api.ts';
import { useToken } from './authorization.ts';

/** Coming in and going, on a hub with accounts; on an open one there is nothing to do. */
export interface SignIn {
  /** @returns the name that the account has. @throws ApiError with the reason, TypeError without a hub */
  enter(user: string, password: string, invite: string | undefined): Promise<string>;
  /** Goes on with the sign-in of the last visit. @returns false when the hub no longer takes it */
  resume(user: string): Promise<boolean>;
  leave(user: string): void;
}

export function signIn(memory: Memory): SignIn {
  const keep = (token: string | undefined): void => {
    rememberToken(memory, token);
    useToken(token);
  };
  const taken = ({ user, token }: SignedIn): string => {
    keep(token);
    return user;
  };
  return {
    enter: async (user, password, invite) => {
      const api = new Api();
      return taken(await (invite === undefined ? api.signIn(user, password) : api.accept(invite, user, password)));
    },
    resume: async (user) => {
      const token = rememberedToken(memory);
      if (token === undefined) return true;
      useToken(token);
      try {
        taken(await new Api(user).refresh());
      } catch (error) {
        // Without a hub the cached history is still ours to read.
        if (!(error instanceof ApiError) || error.status >= 500) return true;
        keep(undefined);
        return false;
      }
      return true;
    },
    leave: (user) => {
      if (rememberedToken(memory) !== undefined) void new Api(user).signOut().catch(() => undefined);
      keep(undefined);
    },
  };
}
