import { readings, topics } from '@parley/shared';
import type { Json, Reply } from '@parley/shared';
import { ulid } from 'ulid';
import type { Message } from '@parley/shared/client';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';
import { withAbout, withKept, withReadings } from './device.ts';
import type { Device, KeptDevice, Sent } from './device.ts';

/** As a person counts: lamp-2 before lamp-10. */
const { compare: inOrder } = new Intl.Collator('en', { numeric: true });

/** Every device that says something, from `devices/#`, and our commands to them. */
export class Devices extends Observable {
  readonly #byName = new Map<string, Device>();
  /** In order; undefined when one came or went. */
  #names: readonly string[] | undefined;
  readonly #link: Link;
  readonly #now: () => number;
  readonly #makeId: () => string;

  constructor(link: Link, { now = Date.now, makeId = () => ulid() } = {}) {
    super();
    this.#link = link;
    this.#now = now;
    this.#makeId = makeId;
  }

  /** @returns the release of the subscriptions */
  open(): () => void {
    const releases = [
      this.#hear(topics.deviceAbout, ({ payload }, device) =>
        withAbout(device, decoded(topics.deviceAbout.codec, payload)),
      ),
      this.#hear(topics.deviceStatus, ({ payload }) => ({ status: decoded(topics.deviceStatus.codec, payload) })),
      this.#hear(topics.deviceState, ({ payload }) => ({ state: decoded(topics.deviceState.codec, payload) })),
      this.#hear(topics.telemetry, ({ payload }, device) => this.#read(device, payload, 'json')),
      this.#hear(topics.telemetryCbor, ({ payload }, device) => this.#read(device, payload, 'cbor')),
      this.#link.listen(topics.reply.filter(), { qos: topics.reply.qos }, (message) => this.#replied(message)),
    ];
    return () => releases.forEach((release) => release());
  }

  names(): readonly string[] {
    this.#names ??= [...this.#byName.keys()].toSorted(inOrder);
    return this.#names;
  }

  all(): Device[] {
    return this.names().map((name) => this.#byName.get(name)!);
  }

  get(name: string): Device | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Adds what the hub kept of devices from before we listened. */
  addKept(kept: readonly (KeptDevice & { readonly device: string })[]): void {
    for (const one of kept) {
      const device = this.#byName.get(one.device) ?? { name: one.device, series: [], sent: {} };
      this.#byName.set(one.device, withKept(device, one));
    }
    this.#names = undefined;
    this.changed();
  }

  /** Sends a command; what became of it appears in the device's `sent`. */
  command(name: string, command: string, args: Json): void {
    const sent: Sent = { id: this.#makeId(), command, args, at: this.#now() };
    this.#sent(name, sent);
    this.#link
      .publish(topics.command.build({ device: name, command }), topics.command.codec.encode({ id: sent.id, args }), {
        qos: topics.command.qos,
      })
      .catch((error: Error) => {
        // A newer one under the same name has taken its place.
        if (this.#byName.get(name)?.sent[command]?.id === sent.id)
          this.#sent(name, { ...sent, problem: error.message });
      });
  }

  #hear(
    topic: { filter(): string; parse(name: string): { device: string } | undefined; qos: 0 | 1 | 2 },
    change: (message: Message, device: Device) => Partial<Device> | undefined,
  ): () => void {
    return this.#link.listen(topic.filter(), { qos: topic.qos }, (message) => {
      const name = topic.parse(message.topic)?.device;
      if (name === undefined) return;
      const before = this.#byName.get(name) ?? { name, series: [], sent: {} };
      const after = change(message, before);
      if (after) this.#set({ ...before, ...after });
    });
  }

  #read(device: Device, payload: Uint8Array, format: 'json' | 'cbor'): Device | undefined {
    const now = this.#now();
    try {
      return withReadings(device, readings(payload, format, now), now);
    } catch {
      // Routed untouched even when unreadable; the topics page shows it as it is.
      return undefined;
    }
  }

  #replied({ topic, payload }: Message): void {
    const parsed = topics.reply.parse(topic);
    const reply = parsed && decoded<Reply>(topics.reply.codec, payload);
    const device = parsed && this.#byName.get(parsed.device);
    const sent = device && Object.values(device.sent).find(({ id }) => id === parsed.id);
    if (sent && reply) this.#sent(device.name, { ...sent, reply, repliedAt: this.#now() });
  }

  #sent(name: string, sent: Sent): void {
    const device = this.#byName.get(name);
    if (device) this.#set({ ...device, sent: { ...device.sent, [sent.command]: sent } });
  }

  #set(device: Device): void {
    if (!this.#byName.has(device.name)) this.#names = undefined;
    this.#byName.set(device.name, device);
    if (isForgotten(device)) {
      this.#byName.delete(device.name);
      this.#names = undefined;
    }
    this.changed();
  }
}

/** Its retained messages were emptied and it never spoke: there is no such device. */
function isForgotten({ about, status, state, series }: Device): boolean {
  return about === undefined && status === undefined && state === undefined && series.length === 0;
}
