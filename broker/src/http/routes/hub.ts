import type { FastifyInstance } from 'fastify';

export interface HubFacts {
  readonly version: string;
  readonly auth: 'open' | 'accounts';
  readonly mqttPort: number;
  /** The longest publish that is taken, in bytes of its MQTT packet. */
  readonly maxPacketBytes: number;
  /** The longest draft, in characters of its JSON. */
  readonly maxDraftCharacters: number;
  /** The largest attachment. */
  readonly maxFileBytes: number;
}

/** What the hub is. */
export function hubRoutes(http: FastifyInstance, { facts }: { facts: () => HubFacts }): void {
  http.get('/api/hub', () => facts());
}
