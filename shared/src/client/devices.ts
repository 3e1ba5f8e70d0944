import { aboutCodec } from '../devices/about.ts';
import { statusCodec } from '../devices/device.ts';
import type { About } from '../devices/about.ts';
import type { DeviceStatus } from '../devices/device.ts';
import { topics } from '../topics/topics.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';

/** What is known of a device without following it. */
export interface KnownDevice {
  readonly name: string;
  readonly status?: DeviceStatus;
  readonly about?: About;
}

export interface DevicesEvents {
  change: KnownDevice;
}

/** The devices there are, from what each keeps retained. */
export class DevicesView extends Emitter<DevicesEvents> {
  readonly #byName = new Map<string, KnownDevice>();
  readonly #releases: (() => void)[];

  constructor(connection: Connection) {
    super();
    const { deviceStatus, deviceAbout } = topics;
    this.#releases = [
      connection.listen(deviceStatus.filter(), {
        qos: 1,
        message: ({ topic, payload }) =>
          this.#heard(deviceStatus.parse(topic)?.device, 'status', decoded(statusCodec, payload)),
      }),
      connection.listen(deviceAbout.filter(), {
        qos: 1,
        message: ({ topic, payload }) =>
          this.#heard(deviceAbout.parse(topic)?.device, 'about', decoded(aboutCodec, payload)),
      }),
    ];
  }

  get(name: string): KnownDevice | undefined {
    return this.#byName.get(name);
  }

  all(): ReadonlyMap<string, KnownDevice> {
    return this.#byName;
  }

  close(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  /** Unreadable and emptied alike: nothing is known of it any more. */
  #heard<Key extends 'status' | 'about'>(
    name: string | undefined,
    key: Key,
    value: KnownDevice[Key] | undefined,
  ): void {
    if (name === undefined) return;
    const { [key]: _before, ...rest } = this.#byName.get(name) ?? { name };
    const device = { ...rest, name, ...(value !== undefined && { [key]: value }) } as KnownDevice;
    if (device.status === undefined && device.about === undefined) this.#byName.delete(name);
    else this.#byName.set(name, device);
    this.emit('change', device);
  }
}
