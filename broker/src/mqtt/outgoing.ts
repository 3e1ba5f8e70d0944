import type { QueueEntry } from '../store/store.ts';
import type { Message } from './message.ts';

/** Memory a queued message takes beside its topic and payload, roughly. */
const OVERHEAD_BYTES = 64;

/** One QoS 1 or 2 message on its way to one session. */
export class Outgoing implements QueueEntry {
  readonly message: Message;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
  readonly share: string | undefined;
  /** Its number in the store; 0 when it is not kept there. */
  readonly seq: number;
  /** 0 until it is sent for the first time, then the same until it is acknowledged [MQTT-4.4.0-1]. */
  packetId = 0;
  /** PUBREC received: only PUBREL is sent from here on [MQTT-4.3.3-5]. */
  released = false;
  /** Whether its packet id is in the store, without which a QoS 2 message is not sent. */
  marked = false;
  /** On the wire, and not only in the store: a resend sets DUP [MQTT-3.3.1-1]. */
  sent = false;

  constructor(
    message: Message,
    qos: 1 | 2,
    retain: boolean,
    identifiers: readonly number[] | undefined,
    share: string | undefined,
    seq: number,
  ) {
    this.message = message;
    this.qos = qos;
    this.retain = retain;
    this.identifiers = identifiers;
    this.share = share;
    this.seq = seq;
  }

  get bytes(): number {
    return this.message.size + (this.identifiers?.length ?? 0) * 8 + OVERHEAD_BYTES;
  }
}
