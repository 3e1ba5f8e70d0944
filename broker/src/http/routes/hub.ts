import type { FastifyInstance } from 'fastify';

export interface HubFacts {
  readonly version: string;
  readonly auth: 'open' | 'accounts';
  readonly mqttPort: number;
}

/** What the hub is. */
export function hubRoutes(http: FastifyInstance, { facts }: { facts: () => HubFacts }): void {
  http.get('/api/hub', () => facts());
}
