import type { ConnectionState } from '@parley/shared/client';
import type { Memory } from './memory.ts';

const KEY = 'parley:accounts';

/** CONNACK: bad user name or password, not authorized (MQTT 5.0 §3.2.2.2). */
const signedOut = new Set([0x86, 0x87]);

/** Whether the hub had accounts when one was here last; known before it can be asked. */
export function rememberedAccounts(memory: Memory): boolean {
  return memory.getItem(KEY) !== null;
}

export function rememberAccounts(memory: Memory, has: boolean): void {
  if (has) memory.setItem(KEY, 'yes');
  else memory.removeItem(KEY);
}

/** Whether the hub asks to sign in, for the first time or again. */
export function isSignedOut(status: ConnectionState): boolean {
  return status.state === 'refused' && signedOut.has(status.failure.reasonCode ?? 0);
}
