import type { Hub } from '../index.ts';

/** Looks for the hub when the network is back or the page is seen again: timers of a hidden page hardly run. */
export function wakeOn(hub: Hub): void {
  const back = (): void => hub.wake();
  const seen = (): void => {
    if (document.visibilityState === 'visible') hub.wake();
  };
  addEventListener('online', back);
  addEventListener('pageshow', back);
  document.addEventListener('visibilitychange', seen);
  hub.on('connection', ({ state }) => {
    if (state !== 'closed') return;
    removeEventListener('online', back);
    removeEventListener('pageshow', back);
    document.removeEventListener('visibilitychange', seen);
  });
}
