import { Readiness, type Subscription } from '../../src/routing/subscription.ts';

/** A subscriber as the router sees it. */
export class Reader {
  readonly #readiness: Readiness;

  constructor(readiness: Readiness = Readiness.Free) {
    this.#readiness = readiness;
  }

  readiness(): Readiness {
    return this.#readiness;
  }
}

export function subscription(filter: string, options: Partial<Subscription> = {}): Subscription {
  return { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0, identifier: 0, ...options };
}
