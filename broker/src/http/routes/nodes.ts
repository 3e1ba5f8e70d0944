import type { FastifyInstance } from 'fastify';
import type { NodeLoad } from '../../ops/node.ts';

const number = { type: 'number' };

const node = {
  title: 'Node',
  type: 'object',
  required: ['node', 'version', 'health', 'startedAt', 'load'],
  properties: {
    node: { type: 'string' },
    version: { type: 'string' },
    health: { enum: ['ok', 'busy', 'stopping'] },
    startedAt: { type: 'integer', description: 'ms since the Unix epoch' },
    load: {
      type: 'object',
      properties: {
        cpu: { ...number, description: 'Share of one core' },
        delayMs: { ...number, description: 'Time by which timers are late, 99th percentile' },
        memoryBytes: number,
        connections: number,
        sessions: number,
        eventReaders: number,
        queuedMessages: number,
      },
    },
  },
};
const nodes = { type: 'object', required: ['nodes'], properties: { nodes: { type: 'array', items: node } } };

/** `GET /api/nodes`: the nodes of this hub, their load and health. */
export function nodesRoute(api: FastifyInstance, load: NodeLoad): void {
  const schema = { summary: 'Nodes, their load and health', tags: ['hub'], response: { 200: nodes } };
  api.get('/api/nodes', { schema }, () => ({ nodes: [load.report()] }));
}
