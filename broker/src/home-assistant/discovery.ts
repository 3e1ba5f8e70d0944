import { discoveredDevice, discoveryFilter, discoveryOf, homeAssistantStatus, isName, topics } from '@parley/shared';
import type { DiscoveryMessage } from '@parley/shared';
import { DEVICES } from '../devices/tables.ts';
import type { PartRow } from '../devices/tables.ts';
import type { Broker } from '../mqtt/broker.ts';
import type { Engine } from '../mqtt/engine.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { version } from '../version.ts';

export interface DiscoveryContext {
  readonly engine: Pick<Engine, 'tap'>;
  readonly store: Store;
  readonly publish: Broker['publish'];
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * Tells Home Assistant of every device, from its `about`: retained, again when it has started, and taken back with the
 * `about`. What is retained is what was told; nothing else is kept. Configs of others are left alone.
 */
class Discovery {
  readonly #context: DiscoveryContext;
  readonly #stopping: AbortSignal;
  /** Devices to look at, and whether each is told again though nothing changed. */
  readonly #due = new Map<string, boolean>();
  #working: Promise<void> | undefined;

  constructor(context: DiscoveryContext, scope: Scope) {
    this.#context = context;
    this.#stopping = scope.signal;
    const { engine } = context;
    scope.defer(engine.tap(topics.deviceAbout.filter(), ({ topic }) => this.#look(topic.split('/', 2)[1]!, false)));
    scope.defer(
      engine.tap(homeAssistantStatus, ({ payload }) => {
        if (payload.toString() === 'online') this.#lookAtAll(true);
      }),
    );
    scope.defer(() => this.#working);
  }

  start(): void {
    this.#lookAtAll(false);
  }

  /** Devices that are here, and those that went while nobody looked. */
  #lookAtAll(again: boolean): void {
    for (const { key } of this.#context.store.range(DEVICES)) {
      if (key[1] === 'about') this.#look(String(key[0]), again);
    }
    for (const { device } of told(this.#context.store)) if (!this.#due.has(device)) this.#look(device, again);
  }

  #look(device: string, again: boolean): void {
    if (!isName(device)) return;
    this.#due.set(device, again || this.#due.get(device) === true);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** One device after the other: ten thousand of them must not come in one burst. */
  async #work(): Promise<void> {
    await Promise.resolve();
    for (let next = this.#take(); next; next = this.#take()) {
      const [device, again] = next;
      try {
        await this.#tell(device, again);
      } catch (error) {
        if (this.#stopping.aborted) return;
        this.#context.log('discovery.failed', { device, error: (error as Error).message });
      }
    }
  }

  #take(): [string, boolean] | undefined {
    const [next] = this.#due;
    if (!next || this.#stopping.aborted) return undefined;
    this.#due.delete(next[0]);
    return next;
  }

  async #tell(device: string, again: boolean): Promise<void> {
    const { store } = this.#context;
    const row = store.get(DEVICES, [device, 'about']) as PartRow<'about'> | undefined;
    const wanted = row ? discoveryOf(device, row.value, version) : [];
    const topicsWanted = new Set(wanted.map(({ topic }) => topic));
    const gone = Array.from(told(store, device), ({ topic }) => topic).filter((topic) => !topicsWanted.has(topic));
    await this.#publishAll(gone.map((topic) => ({ topic, payload: Buffer.alloc(0) })));
    await this.#publishAll(wanted.filter((message) => this.#mustTell(message, again)));
  }

  /** A config by somebody else under the same topic, such as the device itself, stays theirs. */
  #mustTell({ topic, payload }: DiscoveryMessage, again: boolean): boolean {
    const kept = this.#context.store.retained(topic)?.payload;
    if (!kept) return true;
    if (discoveredDevice(topic, kept) === undefined) return false;
    return again || !kept.equals(payload);
  }

  async #publishAll(messages: readonly DiscoveryMessage[]): Promise<void> {
    await Promise.all(
      messages.map(({ topic, payload }) => this.#context.publish({ topic, payload, qos: 1, retain: true })),
    );
  }
}

/** Tells Home Assistant, or takes back what was told while the option was on. */
export async function discovery(context: DiscoveryContext, isOn: boolean, scope: Scope): Promise<void> {
  if (isOn) new Discovery(context, scope).start();
  else await takeBack(context);
}

async function takeBack({ store, publish }: DiscoveryContext): Promise<void> {
  for (const { topic } of told(store)) await publish({ topic, payload: Buffer.alloc(0), qos: 1, retain: true });
}

/** Configs of the hub that are retained. */
function* told(store: Store, device = '+'): Generator<{ topic: string; device: string }> {
  for (const topic of store.retainedTopics(discoveryFilter.replace('/+/+/', `/+/${device}/`))) {
    const kept = topic === undefined ? undefined : store.retained(topic);
    const of = kept && discoveredDevice(kept.topic, kept.payload);
    if (of !== undefined) yield { topic: kept!.topic, device: of };
  }
}
