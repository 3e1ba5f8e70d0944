import { idbStorage } from '@parley/shared/client/browser';
import { accounts, problemOf } from '../../link/accounts.ts';
import { draftsOf, forget } from '../../state/forget.ts';
import type { Session } from '../../state/session.ts';
import { openDialog } from '../dialog/dialog.ts';
import { count } from '../words.ts';
import './ask.ts';

/**
 * Signs out and removes what this browser keeps of the user, after asking when something is not sent.
 * @param everywhere ends every sign-in and token of the account
 * @returns false when one stays
 */
export async function signOut(session: Session, everywhere: boolean): Promise<boolean> {
  const unsent = unsentWords(session.waiting, draftsOf(localStorage, session.user));
  const title = everywhere ? 'Sign out everywhere' : 'Sign out';
  if (unsent !== '') {
    const words = `${unsent} Signing out removes what is not sent from this browser, for good.`;
    if (!(await ask({ title, words, yes: 'Sign out and remove', no: 'Stay' }))) return false;
  }
  try {
    await accounts.signOut(everywhere);
  } catch (error) {
    await ask({ title, words: `${problemOf(error)} You are still signed in on this browser.`, yes: '', no: 'Stay' });
    return false;
  }
  await session.close();
  if (session.keeps) await forget(await idbStorage('parley').catch(() => undefined), localStorage, session.user);
  else await forget(undefined, localStorage, session.user);
  return true;
}

function unsentWords(waiting: number, drafts: number): string {
  const parts = [waiting > 0 ? count(waiting, 'message') : '', drafts > 0 ? count(drafts, 'draft') : ''];
  const what = parts.filter((part) => part !== '').join(' and ');
  return what === '' ? '' : `${what} ${waiting + drafts === 1 ? 'is' : 'are'} not sent.`;
}

interface Question {
  readonly title: string;
  readonly words: string;
  readonly yes: string;
  readonly no: string;
}

function ask(question: Question): Promise<boolean> {
  const dialog = openDialog(Object.assign(document.createElement('parley-ask'), question));
  return new Promise((resolve) => dialog.addEventListener('parley-answered', () => resolve(dialog.answer)));
}
