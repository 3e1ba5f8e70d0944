import type { Core } from './core.ts';
import { guarded, hookFailed } from './guard.ts';
import type { Reader } from './hooks.ts';
import type { Message } from './message.ts';

/** Whether a client may get a message, asked when it is queued and at every delivery; a hook that fails lets nothing through. */
export function mayGet(core: Core, reader: Reader, message: Message): boolean {
  const { mayRead } = core.hooks;
  if (!mayRead || isOpen(core, message)) return true;
  try {
    return mayRead(reader, message.topic);
  } catch (error) {
    hookFailed(core, 'mayRead', error);
    return false;
  }
}

/** Most topics are open to everybody: then one question per message replaces one per delivery. */
function isOpen(core: Core, message: Message): boolean {
  const { readableByAll } = core.hooks;
  return (message.isOpen ??=
    !!readableByAll && guarded(core, 'readableByAll', () => readableByAll(message.topic), false));
}
