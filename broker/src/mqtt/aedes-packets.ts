import { isFilter } from '@parley/shared';
import type { ConnectPacket as AedesConnect, Subscription as AedesSubscription } from 'aedes';
import type { Subscription } from '../routing/subscription.ts';
import type { ConnectPacket, QoS, RetainHandling, SubscriptionRequest } from './packets.ts';

/** A CONNECT in the form Aedes' `preConnect` gets. Properties are in ours. */
export function toAedesConnect(packet: ConnectPacket): AedesConnect {
  const { version, clientId, clean, keepAlive, username, password, will, properties, bridge } = packet;
  return {
    cmd: 'connect',
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion: version,
    bridgeMode: bridge,
    clean,
    clientId,
    keepalive: keepAlive,
    username,
    password,
    will,
    properties,
  } as unknown as AedesConnect;
}

/** A subscription in the form of Aedes' hooks and events. */
export interface HookSubscription {
  topic: string;
  qos: QoS | 128;
  nl: boolean;
  rap: boolean;
  rh: RetainHandling;
  subscriptionIdentifier?: number;
}

export function toHook(request: SubscriptionRequest): HookSubscription {
  const { filter, qos, noLocal, retainAsPublished, retainHandling } = request;
  return { topic: filter, qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling };
}

export function asAedes(subscription: HookSubscription): AedesSubscription {
  return subscription as unknown as AedesSubscription;
}

/** What a hook left of a subscription; `qos` above 2 means refused, and so does nothing at all. */
export function fromHook(answer: unknown, identifier: number): Subscription | undefined {
  const { topic, qos, nl, rap, rh } = (answer ?? {}) as Partial<HookSubscription>;
  if (typeof topic !== 'string' || !isFilter(topic) || (qos !== 0 && qos !== 1 && qos !== 2)) return undefined;
  return {
    filter: topic,
    qos,
    noLocal: nl ?? false,
    retainAsPublished: rap ?? false,
    retainHandling: rh ?? 0,
    identifier,
  };
}
