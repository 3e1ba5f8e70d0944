import { checkName, ParleyError, topics } from '@parley/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { history } from '../../devices/history.ts';
import type { Recorder } from '../../devices/recorder.ts';
import type { Device, Registry } from '../../devices/registry.ts';
import { HOUR_MS, METRICS } from '../../devices/tables.ts';
import type { LatestRow } from '../../devices/tables.ts';
import type { Tables } from '../../store/table.ts';
import type { Requests } from '../../chat/requests.ts';
import type { Actor, Rights } from '../../auth/rights.ts';
import { actorOf } from '../caller.ts';
import { deviceParams, deviceSchema, devicesSchema, telemetryQuery, telemetrySchema } from '../schemas/devices.ts';

export interface DevicesContext {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly store: Tables;
  readonly rights: Rights;
}

interface TelemetryQuery {
  readonly metric: string;
  readonly from?: string;
  readonly to?: string;
  readonly points: number;
}

type Params = { Params: { device: string } };

/** `hub/requests/devices`: the answer of `GET /api/devices`, for clients that have only MQTT. */
export function answerDevices(requests: Requests, { registry, recorder, rights }: Omit<DevicesContext, 'store'>): void {
  requests.register('devices', async (_values, who) => {
    await recorder.settle();
    return { devices: registry.list().filter(({ device }) => isVisible(rights, who, device)) };
  });
}

function isVisible(rights: Rights, who: Actor, device: string): boolean {
  return rights.may(who, 'read', topics.deviceAbout.build({ device }));
}

/** Devices and what they measured (PRODUCT.md §5); a device whose `about` the caller may not read is not there. */
export function deviceRoutes(api: FastifyInstance, { registry, recorder, store, rights }: DevicesContext): void {
  const visible = (request: FastifyRequest, device: string): boolean => isVisible(rights, actorOf(request), device);
  // What was measured a moment ago is there too.
  const preHandler = (): Promise<void> => recorder.settle();
  const find = (request: FastifyRequest, name: string): Device => {
    const device = registry.get(checkName(name, 'device'));
    if (device && visible(request, name)) return device;
    throw new ParleyError('not-found', `there is no device ${name}`);
  };

  api.get(
    '/api/devices',
    { preHandler, schema: { summary: 'All devices', tags: ['devices'], response: { 200: devicesSchema } } },
    (request) => {
      const who = actorOf(request);
      return { devices: registry.list().filter(({ device }) => isVisible(rights, who, device)) };
    },
  );

  api.get<Params>(
    '/api/devices/:device',
    {
      preHandler,
      schema: { summary: 'One device', tags: ['devices'], params: deviceParams, response: { 200: deviceSchema } },
    },
    (request) => find(request, request.params.device),
  );

  api.get<Params & { Querystring: TelemetryQuery }>(
    '/api/devices/:device/telemetry',
    {
      preHandler,
      schema: {
        summary: 'Readings of one metric, thinned',
        tags: ['devices'],
        params: deviceParams,
        querystring: telemetryQuery,
        response: { 200: telemetrySchema },
      },
    },
    (request) => thinned(store, find(request, request.params.device).device, request.query),
  );
}

async function thinned(store: Tables, device: string, { metric, points, ...range }: TelemetryQuery): Promise<object> {
  const latest = store.get(METRICS, [device, metric]) as LatestRow | undefined;
  if (!latest) throw new ParleyError('not-found', `device ${device} has no readings of ${metric}`);
  const now = Date.now();
  const query = { metric, points, ...rangeOf(range, now) };
  return { device, metric, unit: latest.unit, ...(await history(store, device, query, now)) };
}

/** The last day when nothing is asked for, and what came in this very millisecond. */
function rangeOf(query: { from?: string; to?: string }, now: number): { from: number; to: number } {
  const to = query.to === undefined ? now + 1 : timeOf(query.to);
  const from = query.from === undefined ? to - 24 * HOUR_MS : timeOf(query.from);
  if (from < to) return { from, to };
  throw new ParleyError('request-invalid', 'from is not before to');
}

/** Milliseconds since the Unix epoch, or a date as ISO 8601 has it. */
function timeOf(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  // The furthest date that there is (ECMA-262 §21.4.1.1).
  if (time >= 0 && time <= 8.64e15) return time;
  throw new ParleyError('request-invalid', `${JSON.stringify(text.slice(0, 80))} is no time`);
}
