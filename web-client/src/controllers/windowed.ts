import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Lines drawn beyond what is seen, above and below. */
const SPARE = 6;

/** Which lines to draw, and where: in `--lines` and `--first` of the host, so that no style attribute is needed. */
export interface Stretch {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/** Draws only what is seen of many lines of one height. The host scrolls by itself. */
export class Windowed implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #observer: ResizeObserver;
  readonly lineHeight: () => number;
  #asked = false;

  /** @param lineHeight in CSS pixels, of the moment */
  constructor(host: ReactiveControllerHost & HTMLElement, lineHeight: () => number) {
    this.#host = host;
    this.lineHeight = lineHeight;
    this.#observer = new ResizeObserver(() => this.#ask());
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('scroll', this.#ask, { passive: true });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('scroll', this.#ask);
    this.#observer.disconnect();
  }

  stretchOf(count: number): Stretch {
    const height = this.lineHeight();
    const { scrollTop, clientHeight, style } = this.#host;
    const first = Math.max(0, Math.min(Math.floor(scrollTop / height) - SPARE, count - 1));
    const end = Math.min(count, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
    style.setProperty('--lines', String(count));
    style.setProperty('--first', String(first));
    return { first, end: Math.max(first, end) };
  }

  /** Scrolls no further than needed for the line to be seen whole. */
  reveal(index: number): void {
    const [top, height] = [index * this.lineHeight(), this.lineHeight()];
    const { scrollTop, clientHeight } = this.#host;
    if (top < scrollTop) this.#host.scrollTop = top;
    else if (top + height > scrollTop + clientHeight) this.#host.scrollTop = top + height - clientHeight;
  }

  readonly #ask = (): void => {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#host.requestUpdate();
    });
  };
}
