import type { FastifyInstance } from 'fastify';
import type { Alerts } from '../alerts/alerts.ts';
import type { Devices } from '../devices/devices.ts';
import type { Files } from '../files/files.ts';
import type { Broker } from '../mqtt/broker.ts';
import type { HubOptions } from '../options/table.ts';
import { Metrics } from '../ops/metrics.ts';
import type { Scope } from '../scope.ts';
import type { Chat } from '../chat/chat.ts';
import { EventStreams } from './events.ts';
import { apiScope } from './api-scope.ts';
import type { ReaderCounters } from './reader-counters.ts';
import { publishAs } from './refusal.ts';
import { NodeLoad } from '../ops/node.ts';
import { alertRoutes } from './routes/alerts.ts';
import { asyncApiRoute } from './routes/asyncapi.ts';
import { nodesRoute } from './routes/nodes.ts';
import { answerDevices, deviceRoutes } from './routes/devices.ts';
import { fileRoutes } from './routes/files.ts';
import { commandRoute, jobRoute } from './routes/jobs.ts';
import { metricsRoute } from './routes/metrics.ts';
import { publishRoute } from './routes/publish.ts';
import { subscribeRoute } from './routes/subscribe.ts';

export interface ApiContext {
  readonly broker: Broker;
  readonly chat: Chat;
  readonly devices: Devices;
  readonly files: Files;
  readonly alerts: Alerts;
  readonly readers: ReaderCounters;
  readonly nodeId: string;
}

/** What HTTP can do beside chat (PRODUCT.md §5). */
export async function apiRoutes(
  http: FastifyInstance,
  { broker, chat, devices, files, alerts, readers, nodeId }: ApiContext,
  { maxOutboundBytes, maxTopicLevels }: HubOptions,
  scope: Scope,
): Promise<void> {
  const { engine } = broker;
  const { rights, requests } = chat;
  const events = new EventStreams({ maxOutboundBytes }, readers, scope);
  const publish = publishAs(broker);
  const { counters, store } = engine;
  const { registry, recorder, jobs } = devices;
  const metrics = new Metrics({
    engine: counters,
    events: readers,
    telemetry: recorder.counters,
    openJobs: () => jobs.open,
    fileBytes: () => files.quota.used,
    retained: () => store.retainedCount,
    alerts: alerts.counts,
  });
  const load = new NodeLoad(nodeId, { engine: counters, events: readers }, scope);
  answerDevices(requests, { registry, recorder, rights });
  await apiScope(http, 'stream', (api) => fileRoutes(api, { files, isPrivate: rights.hasRoles }));
  await apiScope(http, 'bytes', (api) => commandRoute(api, { jobs }));
  await apiScope(http, 'json', (api) => {
    asyncApiRoute(api);
    alertRoutes(api, { alerts });
    nodesRoute(api, load);
    jobRoute(api, { jobs, rights });
    metricsRoute(api, metrics);
    deviceRoutes(api, { registry, recorder, store, rights });
    publishRoute(api, { publish });
    subscribeRoute(api, { events, engine, store, rights, maxOutboundBytes, maxTopicLevels });
  });
}
