import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Area } from '../state/route.ts';

export interface Shortcuts {
  /** Another channel: 1 is the next one, -1 the one before. */
  step(by: 1 | -1): void;
  area(area: Area): void;
}

const areas: Readonly<Record<string, Area>> = { c: 'chat', d: 'devices', t: 'topics', h: 'hub' };
/** How long the second key of a pair may take. */
const PAIR_MS = 1200;

/** Alt-↑/↓ for the next channel, G then C, D, T or H for the areas. */
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
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      this.#actions.step(event.key === 'ArrowDown' ? 1 : -1);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const area = areas[event.key.toLowerCase()];
    if (area && event.timeStamp < this.#pairUntil) this.#actions.area(area);
    this.#pairUntil = event.key.toLowerCase() === 'g' ? event.timeStamp + PAIR_MS : 0;
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}
