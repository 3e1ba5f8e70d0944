/** The last of the entries that is whole in the window. */
export function lastVisible(entries: readonly HTMLElement[], scroller: HTMLElement): HTMLElement | undefined {
  const bottom = scroller.getBoundingClientRect().bottom;
  return entries.findLast((entry) => entry.getBoundingClientRect().bottom <= bottom + 4);
}

/** Arrows go from entry to entry once the focus is among them, and up into them from the window. */
export function moveFocus(event: KeyboardEvent, entries: readonly HTMLElement[], scroller: HTMLElement): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const current = event.target instanceof Element ? event.target.closest<HTMLElement>('parley-entry') : null;
  if (step === undefined || event.altKey || (!current && step > 0)) return;
  const next = current ? entries[entries.indexOf(current) + step] : lastVisible(entries, scroller);
  if (!next) return;
  event.preventDefault();
  next.focus();
}
