import type { AuditEntry } from '../../link/accounts.ts';

/** What happened, said between who did it and whom it was done to. */
const words: Readonly<Record<string, string>> = {
  'sign-in': 'signed in',
  'sign-in.failed': 'failed to sign in',
  'sign-out': 'signed out',
  'sign-out.everywhere': 'signed out everywhere:',
  'password.changed': 'changed the password of',
  'token.added': 'made a token for',
  'token.removed': 'ended a token of',
  'account.added': 'made the account',
  'account.removed': 'removed the account',
  'roles.changed': 'changed the roles of',
  'invite.added': 'made an invite',
  'invite.removed': 'withdrew the invite',
  'invite.accepted': 'accepted an invite',
};

/** An event that this page does not know is said by its code. */
export function auditWords({ event }: AuditEntry): string {
  return Object.hasOwn(words, event) ? words[event]! : event;
}

/** What an administrator should not overlook. */
export function isWarning({ event }: AuditEntry): boolean {
  return event.endsWith('.failed');
}
