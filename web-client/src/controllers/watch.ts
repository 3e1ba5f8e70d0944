import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Observable } from '../observable.ts';

/** Redraws an element when what it shows changes, at most once a frame: a busy hub must not cost a redraw a message. */
export function watching(host: ReactiveControllerHost, sources: () => readonly (Observable | undefined)[]): void {
  host.addController(new Watch(host, sources));
}

class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #sources: () => readonly (Observable | undefined)[];
  #watched = new Map<Observable, () => void>(); // source → its release
  #asked = false;

  constructor(host: ReactiveControllerHost, sources: () => readonly (Observable | undefined)[]) {
    this.#host = host;
    this.#sources = sources;
  }

  hostUpdate(): void {
    const now = new Map<Observable, () => void>();
    for (const source of this.#sources()) {
      if (source) now.set(source, this.#watched.get(source) ?? source.watch(() => this.#ask()));
    }
    for (const [source, release] of this.#watched) if (!now.has(source)) release();
    this.#watched = now;
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    for (const release of this.#watched.values()) release();
    this.#watched.clear();
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const redraw = (): void => {
      this.#asked = false;
      this.#host.requestUpdate();
    };
    // A hidden page gets no frames, but its title still counts what is unread.
    if (document.hidden) setTimeout(redraw, 250);
    else requestAnimationFrame(redraw);
  }
}
