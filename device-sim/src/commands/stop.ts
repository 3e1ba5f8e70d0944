const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts at the first Ctrl-C or SIGTERM. The second one ends the process at once, as does a clean end
 * that takes longer than `patienceMs`.
 */
export function stopSignal(patienceMs: number): AbortSignal & Disposable {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    setTimeout(() => process.exit(), patienceMs).unref();
  };
  for (const signal of signals) process.on(signal, stop);
  return Object.assign(stopping.signal, {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  });
}
