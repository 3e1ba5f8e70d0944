/** What MQTT 5 says beside a message (§3.3.2.3). */
export interface Properties {
  readonly contentType?: string;
  /** Payload Format Indicator: true says that the payload is UTF-8 text. */
  readonly isText?: boolean;
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  /** Seconds for which the hub may still deliver it. */
  readonly expirySeconds?: number;
  /** In their order; a name may come more than once. */
  readonly user?: readonly (readonly [name: string, value: string])[];
}

/** One publish as it arrived. */
export interface Arrived {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** As it was published: true for what the hub keeps, whether it was kept before or came just now. */
  readonly retain: boolean;
  readonly properties?: Properties;
}

/** A message as the topics page keeps it. */
export interface Seen extends Arrived {
  /** Counts messages of this page. */
  readonly key: number;
  /** When it arrived here, ms since the Unix epoch. */
  readonly at: number;
}

export interface Publication extends Arrived {}

/** What keeping it costs, roughly, in bytes. */
export function sizeOf({ topic, payload, properties }: Seen): number {
  return payload.length + topic.length * 2 + 200 + (properties?.correlationData?.length ?? 0);
}
