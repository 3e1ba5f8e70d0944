import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { ParleyError } from '@parley/shared';

export interface PasswordFlags {
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

/** The password as it was given: as a flag, on standard input, or typed unseen; undefined when nobody can be asked. */
export async function passwordFrom({ password, passwordStdin }: PasswordFlags): Promise<string | undefined> {
  if (password !== undefined) return password;
  if (passwordStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) return undefined;
  const first = await ask('Password: ');
  if (first === (await ask('Again: '))) return first;
  throw new ParleyError('request-invalid', 'the two passwords differ');
}

/** What is typed is not shown. */
async function ask(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve) => lines.question('', resolve));
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
