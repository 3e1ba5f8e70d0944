import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Area } from '../state/route.ts';

export interface Shortcuts {
  /** Another conversation: 1 is the next one, -1 the one before; of those with something unread. */
  step(by: 1 | -1, unread: boolean): void;
  area(area: Area): void;
  /** Go to anything. */
  switcher(): void;
  /** What the keys do. */
  sheet(): void;
  search(): void;
}

const areas: Readonly<Record<string, Area>> = { c: 'chat', d: 'devices', t: 'topics', h: 'hub' };
/** How long the second key of a pair may take. */
const PAIR_MS = 1200;

/** The keys that work anywhere; those of one letter only where nobody types. */
export function listeningToKeys(host: ReactiveControllerHost, actions: Shortcuts): void {
  host.addController(new Keyboard(actions));
}

class Keyboard implements ReactiveController {
  readonly #actions: Shortcuts;
  #pairUntil = 0;

  constructor(actions: Shortcuts) {
    this.#actions = actions;
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.#pressed);
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.#pressed);
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const { altKey, ctrlKey, metaKey, shiftKey, key } = event;
    if (altKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      this.#actions.step(key === 'ArrowDown' ? 1 : -1, shiftKey);
    } else if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') {
      this.#actions.switcher();
    } else if (ctrlKey || metaKey || altKey || isTyping(event) || !this.#letter(event)) return;
    event.preventDefault();
  };

  /** @returns whether it meant something */
  #letter({ key, timeStamp }: KeyboardEvent): boolean {
    const letter = key.toLowerCase();
    const area = timeStamp < this.#pairUntil ? areas[letter] : undefined;
    this.#pairUntil = letter === 'g' ? timeStamp + PAIR_MS : 0;
    if (area) this.#actions.area(area);
    else if (key === '?') this.#actions.sheet();
    else if (key === '/') this.#actions.search();
    else return false;
    return true;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable], [role=option]');
}
