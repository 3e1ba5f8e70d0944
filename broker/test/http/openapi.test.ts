import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { described } from '../../src/http/described.ts';
import { startTestHub } from '../support/hub.ts';
import { ask } from '../support/http.ts';
import { callsOf, documentOf } from '../support/openapi.ts';

/** The calls of PRODUCT.md §5 that are there. */
const promised = `GET /healthz, GET /readyz, GET /metrics, GET /api/channels, POST /api/channels,
  PATCH /api/channels/{channel}, DELETE /api/channels/{channel}, PUT /api/channels/{channel}/members/{name},
  DELETE /api/channels/{channel}/members/{name}, GET /api/channels/{channel}/messages,
  POST /api/channels/{channel}/messages, GET /api/channels/{channel}/events, GET /api/dm/{user}/messages,
  POST /api/dm/{user}/messages, GET /api/dm/{user}/events, GET /api/search, POST /api/publish, GET /api/subscribe,
  GET /api/users, GET /api/presence, PUT /api/presence, GET /api/devices, GET /api/devices/{device},
  GET /api/devices/{device}/telemetry, POST /api/devices/{device}/commands/{command}, GET /api/jobs/{job},
  POST /api/files, GET /api/files/{id}, GET /api/nodes, GET /api/alerts, POST /api/alerts, GET /api/alerts/{alert},
  PUT /api/alerts/{alert}, DELETE /api/alerts/{alert}`.split(/,\s+/);

describe('/api/openapi.json', () => {
  it('is OpenAPI 3.1', async () => {
    await using hub = await startTestHub();

    const document = await documentOf(hub);
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);

    expect(document.openapi).to.equal('3.1.0');
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
  });

  it('has every call, each with a summary, a tag and what it answers', async () => {
    await using hub = await startTestHub();

    const operations = callsOf(await documentOf(hub));

    const calls = new Set(operations.map(({ call }) => call));
    expect(promised.filter((call) => !calls.has(call))).to.deep.equal([]);
    const bare = operations.filter(
      ({ operation: { summary, tags, responses } }) =>
        !summary || !tags?.length || !Object.keys(responses).some((status) => status.startsWith('2')),
    );
    expect(bare.map(({ call }) => call)).to.deep.equal([]);
    const stale = Object.keys(described).filter((call) => !calls.has(call.replaceAll(/:(\w+)/g, '{$1}')));
    expect(stale).to.deep.equal([]);
  });
});

describe('/api/asyncapi.json', () => {
  it('is the committed document', async () => {
    await using hub = await startTestHub();

    const { body } = await ask(hub, '/api/asyncapi.json');

    const committed = readFileSync(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8');
    expect(body).to.deep.equal(JSON.parse(committed));
    expect(body).to.have.nested.property('channels.telemetry.address', 'devices/{device}/telemetry');
  });

  it('refers only to what is there', async () => {
    await using hub = await startTestHub();

    const { body } = await ask(hub, '/api/asyncapi.json');

    const references = JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, path] of references) expect(body).to.have.nested.property(path!.replaceAll('/', '.'));
  });
});

describe('GET /api/nodes', () => {
  it('says which node this is, how it is and what it carries', async () => {
    await using hub = await startTestHub();
    await hub.client('ana');

    const { headers, body } = await ask(hub, '/api/nodes');

    expect(body).to.have.nested.property('nodes[0].node', headers.get('parley-node'));
    expect(body).to.have.nested.property('nodes[0].load.connections', 1);
    expect(body).to.have.nested.property('nodes[0].health').that.is.oneOf(['ok', 'busy']);
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text of base units, without a topic, user or client id in it', async () => {
    await using hub = await startTestHub();
    const ana = await hub.client('ana', { clientId: 'secret-client' });
    await ana.publishAsync('secret/topic', 'x', { qos: 1 });

    const response = await fetch(`${hub.httpUrl}/metrics`);
    const text = await response.text();

    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(text).to.match(/^parley_mqtt_connections_open 1$/m);
    expect(text).to.match(/^parley_mqtt_publishes_received_total 1$/m);
    expect(text).to.match(/^process_cpu_seconds_total /m);
    expect(text).not.to.match(/secret|ana/);
    const units = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
    expect(units.filter((name) => /_(?:ms|milliseconds|kb|mb)(?:_|$)/.test(name))).to.deep.equal([]);
  });
});
