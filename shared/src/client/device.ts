import { json } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import { aboutCodec } from '../devices/about.ts';
import { statusCodec } from '../devices/device.ts';
import type { About } from '../devices/about.ts';
import type { DeviceStatus } from '../devices/device.ts';
import { readings } from '../devices/telemetry.ts';
import type { Reading } from '../devices/telemetry.ts';
import { topics } from '../topics/topics.ts';
import { sendCommand } from './commands.ts';
import type { CommandContext, CommandOptions } from './commands.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';

export interface DeviceEvents {
  /** One payload's readings, in its order. */
  readings: readonly Reading[];
  about: About | undefined;
  status: DeviceStatus | undefined;
  /** What the device reports of itself. */
  state: Json | undefined;
  /** Any of the above. */
  change: void;
}

/** One device: what it says of itself, its latest readings, and its commands. */
export class DeviceView extends Emitter<DeviceEvents> {
  readonly name: string;
  readonly #context: CommandContext;
  readonly #latest = new Map<string, Reading>(); // by metric
  readonly #releases: (() => void)[];
  readonly #closed: (view: DeviceView) => void;
  #about: About | undefined;
  #status: DeviceStatus | undefined;
  #state: Json | undefined;

  constructor(name: string, context: CommandContext, closed: (view: DeviceView) => void) {
    super();
    this.name = name;
    this.#context = context;
    this.#closed = closed;
    const { deviceAbout, deviceStatus, deviceState, telemetry, telemetryCbor } = topics;
    const at = { device: name };
    this.#releases = [
      this.#listen(deviceAbout.build(at), (payload) => this.#heardAbout(payload)),
      this.#listen(deviceStatus.build(at), (payload) => this.#heardStatus(payload)),
      this.#listen(deviceState.build(at), (payload) => this.#heardState(payload)),
      this.#listen(telemetry.build(at), (payload) => this.#heardTelemetry(payload, 'json')),
      this.#listen(telemetryCbor.build(at), (payload) => this.#heardTelemetry(payload, 'cbor')),
    ];
  }

  /** Model, metrics and commands; undefined until the device told. */
  get about(): About | undefined {
    return this.#about;
  }

  get status(): DeviceStatus | undefined {
    return this.#status;
  }

  get state(): Json | undefined {
    return this.#state;
  }

  /** The newest reading of each metric. */
  get latest(): ReadonlyMap<string, Reading> {
    return this.#latest;
  }

  /**
   * Sends a command and waits for its answer. Waits for a connection within its time; it is sent once.
   * @returns the `result` of the device's reply
   * @throws ClientError `command-failed` with the device's words, `timeout`, `link-down`, `closed`; Refused by the hub;
   *   ParleyError `name-invalid`; the signal's reason
   */
  command(command: string, args: Json = {}, options: CommandOptions = {}): Promise<Json | undefined> {
    return sendCommand(this.#context, { device: this.name, command, args }, options);
  }

  /** Stops listening to the device. */
  close(): void {
    for (const release of this.#releases.splice(0)) release();
    this.#closed(this);
  }

  #listen(filter: string, heard: (payload: Uint8Array) => void): () => void {
    return this.#context.connection.listen(filter, { qos: 1, message: ({ payload }) => heard(payload) });
  }

  #heardAbout(payload: Uint8Array): void {
    this.#about = payload.length === 0 ? undefined : (decoded(aboutCodec, payload) ?? this.#about);
    this.emit('about', this.#about);
    this.emit('change', undefined);
  }

  #heardStatus(payload: Uint8Array): void {
    this.#status = payload.length === 0 ? undefined : (decoded(statusCodec, payload) ?? this.#status);
    this.emit('status', this.#status);
    this.emit('change', undefined);
  }

  #heardState(payload: Uint8Array): void {
    this.#state = payload.length === 0 ? undefined : (decoded(json, payload) ?? this.#state);
    this.emit('state', this.#state);
    this.emit('change', undefined);
  }

  /** Unreadable telemetry is routed like any other, and has no readings. */
  #heardTelemetry(payload: Uint8Array, format: 'json' | 'cbor'): void {
    let found: Reading[];
    try {
      found = readings(payload, format, this.#context.clock.now());
    } catch {
      return;
    }
    for (const reading of found) {
      const known = this.#latest.get(reading.metric);
      if (!known || known.at <= reading.at) this.#latest.set(reading.metric, reading);
    }
    this.emit('readings', found);
    this.emit('change', undefined);
  }
}
