import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { MadeInvite } from '../../link/accounts.ts';
import { dateAndTimeOf } from '../account/dates.ts';
import { roleWords } from '../account/role-words.ts';
import '../copy/copy.ts';
import { qr } from '../qr.ts';

const local = /^(localhost|127\..*|\[::1\])$/;

/** A fresh invite: its link, and the same as a QR code. The hub shows its code this once. */
export function inviteCard({ url, code, invite }: MadeInvite): TemplateResult {
  const link = reachable(url, code);
  const isLocal = local.test(new URL(link).hostname);
  return html`<div class="card padded invite" role="status">
    ${qr(link)}
    <div class="padded">
      <p>
        For ${invite.user ?? 'one person'}: ${invite.roles.map(roleWords).join(', ')}. It is shown this once, and works
        until ${dateAndTimeOf(invite.expiresAt)}.
      </p>
      <parley-copy line=${link}></parley-copy>
      ${
        isLocal
          ? html`<p class="quiet">
              This link works on this machine only. Open this page by the hub’s address in your network to make one for
              others.
            </p>`
          : nothing
      }
    </div>
  </div>`;
}

/** A hub that listens on every address does not know by which one it is reached; this page does. */
function reachable(url: string, code: string): string {
  return local.test(new URL(url).hostname) ? `${location.origin}/invite#${code}` : url;
}
