import type { FastifyInstance } from 'fastify';

export interface HealthContext {
  /** True while new clients are welcome. */
  readonly ready: () => boolean;
}

/** `GET /healthz`: the process answers. `GET /readyz`: it takes clients. */
export function healthRoutes(http: FastifyInstance, { ready }: HealthContext): void {
  http.get('/healthz', () => ({ status: 'ok' }));
  http.get('/readyz', (_request, reply) => {
    const isReady = ready();
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
  });
}
