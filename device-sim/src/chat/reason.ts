import { coded } from '@parley/shared';

/** Why a request failed, in the words of the system: `fetch` hides them in the cause. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return coded(reason).message;
}
