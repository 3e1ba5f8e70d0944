import { accounts } from '../../link/accounts.ts';
import type { Session } from '../../state/session.ts';

const HOUR_MS = 3_600_000;
/** A sign-in is good for seven days from its last refresh. */
const FRESH_MS = 6 * 24 * HOUR_MS;

/** Refreshes the sign-in about once a day, so that it ends only for who stays away. */
export function staySignedIn({ link }: Session): void {
  const timer = setInterval(() => void look(), HOUR_MS);
  const release = link.watch(() => {
    if (link.status.state !== 'closed') return;
    clearInterval(timer);
    release();
  });
  void look();
}

/** Without a hub, or signed out, there is nothing to do; a refresh that another tab makes first is as good. */
async function look(): Promise<void> {
  const me = await accounts.me().catch(() => undefined);
  if (me?.expiresAt === undefined || me.expiresAt - Date.now() > FRESH_MS) return;
  await accounts.refresh().catch(() => undefined);
}
