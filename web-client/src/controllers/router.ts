import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, parseRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';

/** The address bar as a property: links and back work as everywhere, without loading the page again. */
export class Router implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  route: Route = parseRoute(location.pathname, location.search);

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('click', this.#clicked);
    window.addEventListener('popstate', this.#moved);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('click', this.#clicked);
    window.removeEventListener('popstate', this.#moved);
  }

  go(route: Route, { replace = false } = {}): void {
    const address = formatRoute(route);
    if (replace) history.replaceState(null, '', address);
    else if (address !== location.pathname + location.search) history.pushState(null, '', address);
    this.route = route;
    this.#host.requestUpdate();
  }

  readonly #moved = (): void => {
    this.route = parseRoute(location.pathname, location.search);
    this.#host.requestUpdate();
  };

  readonly #clicked = (event: Event): void => {
    const click = event as MouseEvent;
    if (click.button !== 0 || click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
    const link = click.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target !== '' || link.origin !== location.origin || click.defaultPrevented) return;
    click.preventDefault();
    this.go(parseRoute(link.pathname, link.search));
  };
}
