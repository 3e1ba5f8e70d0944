import { expect } from 'chai';
import type { Entry, Page } from '@parley/shared';
import type { Alert } from '../../src/alerts/rule.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { as, ask, post } from '../support/http.ts';
import { SlowStore } from '../support/store.ts';
import { until } from '../support/until.ts';

const hot = {
  name: 'hot',
  device: 'oven',
  metric: 'heat',
  condition: 'above',
  threshold: 30,
  forSeconds: 0,
  channel: 'home',
};

function put(body: unknown, user?: string): RequestInit {
  return { ...post(body, user), method: 'PUT' };
}

async function notices(hub: TestHub, channel = 'home', user = 'ana'): Promise<Entry[]> {
  const { status, body } = await ask<Page>(hub, `/api/channels/${channel}/messages?limit=1000`, { headers: as(user) });
  return status === 404 ? [] : body.entries.filter(({ kind }) => kind === 'notice');
}

async function texts(hub: TestHub, channel?: string): Promise<(string | undefined)[]> {
  return (await notices(hub, channel)).map(({ text }) => text);
}

/** Resolves with what was said when there are as many notices. */
async function said(hub: TestHub, count: number, channel?: string): Promise<(string | undefined)[]> {
  return until(
    async () => {
      const all = await texts(hub, channel);
      return all.length >= count ? all : undefined;
    },
    `${count} notices`,
    20_000,
  );
}

async function measure(hub: TestHub, device = 'oven') {
  const client = await hub.client(device);
  return (payload: string) => client.publishAsync(`devices/${device}/telemetry`, payload, { qos: 1 });
}

describe('alerts', function () {
  this.timeout(30_000);

  it('are raised and cleared as notices of the hub, once each', async () => {
    await using hub = await startTestHub();
    const send = await measure(hub);
    const { status, body } = await ask<Alert>(hub, '/api/alerts', post(hot, 'ana'));
    expect(status).to.equal(201);
    expect(body).to.deep.include({ ...hot, by: 'ana', raised: [], raisedCount: 0 });

    for (const heat of [20, 31, 32, 33]) await send(JSON.stringify({ heat }));
    await said(hub, 1);
    const { body: raised } = await ask<Alert>(hub, '/api/alerts/hot');
    for (const heat of [29, 28, 27]) await send(JSON.stringify({ heat }));
    await said(hub, 2);

    const [first, second, ...more] = await notices(hub);
    expect(raised).to.include({ raisedCount: 1 });
    expect(raised).to.have.nested.property('raised[0].device', 'oven');
    expect(first).to.include({ from: 'hub', text: 'Alert hot raised: heat of oven is 31, above 30' });
    expect(first!.data).to.deep.equal({
      alert: {
        name: 'hot',
        state: 'raised',
        device: 'oven',
        metric: 'heat',
        condition: 'above',
        threshold: 30,
        forSeconds: 0,
        value: 31,
      },
    });
    expect(second).to.include({ from: 'hub', text: 'Alert hot cleared: heat of oven is 29' });
    expect(more).to.deep.equal([]);
  });

  it('wait for their time, and name the unit of the device', async () => {
    await using hub = await startTestHub();
    const send = await measure(hub);
    const about = { model: 'oven', metrics: { heat: { unit: 'Cel' } }, commands: {} };
    await (await hub.client('installer')).publishAsync('devices/oven/about', JSON.stringify(about), { qos: 1 });
    await ask(hub, '/api/alerts', post({ ...hot, forSeconds: 1 }));

    const started = Date.now();
    await send('{"heat":31}');

    expect(await said(hub, 1)).to.deep.equal(['Alert hot raised: heat of oven is 31 Cel, above 30 Cel for 1 s']);
    expect(Date.now() - started).to.be.at.least(990);
  });

  it('tell silence, of a device that never came as well, and its end', async () => {
    await using hub = await startTestHub();
    const quiet = { name: 'quiet', device: 'oven', condition: 'silent', forSeconds: 1, channel: 'home' };
    await ask(hub, '/api/alerts', post(quiet));

    expect(await said(hub, 1)).to.deep.equal(['Alert quiet raised: nothing from oven for 1 s']);
    await (
      await measure(hub)
    )('{"heat":1}');

    expect((await said(hub, 2))[1]).to.equal('Alert quiet cleared: oven is back');
  });

  it('watch every device by itself', async () => {
    await using hub = await startTestHub();
    await ask(hub, '/api/alerts', post({ ...hot, name: 'low', device: '*', condition: 'below', threshold: 20 }));

    for (const [device, heat] of [
      ['one', 10],
      ['two', 30],
      ['three', 12],
    ] as const) {
      await (
        await measure(hub, device)
      )(JSON.stringify({ heat }));
    }
    await said(hub, 2);

    const { body } = await ask<Alert>(hub, '/api/alerts/low');
    expect(body.raised.map(({ device }) => device)).to.have.members(['one', 'three']);
    expect(await texts(hub)).to.have.length(2);
  });

  it('see what a device measured before there was the rule', async () => {
    await using hub = await startTestHub();
    await (
      await measure(hub)
    )('{"heat":50}');

    await ask(hub, '/api/alerts', post(hot));

    expect(await said(hub, 1)).to.have.length(1);
  });

  it('take the readings of one pack in the order of their times', async () => {
    await using hub = await startTestHub();
    const send = await measure(hub);
    await ask(hub, '/api/alerts', post(hot));

    await send('[{"n":"heat","v":20,"t":0},{"n":"heat","v":40,"t":-60}]');
    await said(hub, 2);

    expect(await texts(hub)).to.deep.equal([
      'Alert hot raised: heat of oven is 40, above 30',
      'Alert hot cleared: heat of oven is 20',
    ]);
  });

  it('are cleared when their rule is changed or deleted', async () => {
    await using hub = await startTestHub();
    const send = await measure(hub);
    await ask(hub, '/api/alerts', post(hot));
    await send('{"heat":31}');
    await said(hub, 1);
    const { name: _name, ...terms } = hot;

    const same = await ask<Alert>(hub, '/api/alerts/hot', put(terms));
    const changed = await ask<Alert>(hub, '/api/alerts/hot', put({ ...terms, threshold: 10 }));
    await said(hub, 3);
    const { status } = await ask(hub, '/api/alerts/hot', { method: 'DELETE' });

    expect(same.body.raisedCount).to.equal(1);
    expect(changed.body).to.include({ threshold: 10, createdAt: same.body.createdAt });
    expect(status).to.equal(204);
    expect((await texts(hub)).map((text) => text!.replace(/,.*/, ''))).to.deep.equal([
      'Alert hot raised: heat of oven is 31',
      'Alert hot cleared: the rule was changed or deleted',
      'Alert hot raised: heat of oven is 31',
      'Alert hot cleared: the rule was changed or deleted',
    ]);
    expect((await ask(hub, '/api/alerts/hot')).status).to.equal(404);
  });

  it('refuse rules that make no sense, and name what is wrong', async () => {
    await using hub = await startTestHub();
    await ask(hub, '/api/alerts', post(hot));

    const refusals = [];
    for (const [change, code] of [
      [{ name: 'No Name' }, 'name-invalid'],
      [{ name: '__proto__' }, 'name-invalid'],
      [{ name: 'a', device: 'a/b' }, 'name-invalid'],
      [{ name: 'a', channel: 'a/#' }, 'name-invalid'],
      [{ name: 'a', condition: 'near' }, 'request-invalid'],
      [{ name: 'a', threshold: '30' }, 'request-invalid'],
      [{ name: 'a', threshold: undefined }, 'request-invalid'],
      [{ name: 'a', metric: undefined }, 'request-invalid'],
      [{ name: 'a', metric: 'x'.repeat(129) }, 'request-invalid'],
      [{ name: 'a', forSeconds: -1 }, 'request-invalid'],
      [{ name: 'a', forSeconds: 1e9 }, 'request-invalid'],
      [{ name: 'a', hysteresis: -1 }, 'request-invalid'],
      [{ name: 'a', extra: 1 }, 'request-invalid'],
      [{ name: 'a', condition: 'silent' }, 'request-invalid'],
      [{ name: 'a', condition: 'silent', threshold: undefined, forSeconds: 0 }, 'request-invalid'],
      [{}, 'name-taken'],
    ] as const) {
      const { body } = await ask<{ error?: { code: string } }>(hub, '/api/alerts', post({ ...hot, ...change }));
      refusals.push([JSON.stringify(change), body.error?.code === code ? 'refused' : JSON.stringify(body)]);
    }

    expect(refusals.filter(([, outcome]) => outcome !== 'refused')).to.deep.equal([]);
    expect((await ask<{ alerts: Alert[] }>(hub, '/api/alerts')).body.alerts).to.have.length(1);
  });

  it('have a bound', async () => {
    await using hub = await startTestHub();
    for (let index = 0; index < 500; index++) await ask(hub, '/api/alerts', post({ ...hot, name: `rule-${index}` }));

    const { status, body } = await ask(hub, '/api/alerts', post({ ...hot, name: 'one-more' }));

    expect(status).to.equal(409);
    expect(body).to.have.nested.property('error.code', 'too-many');
  });

  it('of a private channel are missing for who is no member', async () => {
    await using hub = await startTestHub();
    await ask(hub, '/api/channels', post({ name: 'home', private: true }, 'ana'));

    const ben = await ask(hub, '/api/alerts', post(hot, 'ben'));
    const ana = await ask(hub, '/api/alerts', post(hot, 'ana'));
    await (
      await measure(hub)
    )('{"heat":31}');
    await said(hub, 1);

    expect(ben.status).to.equal(403);
    expect(ana.status).to.equal(201);
    expect((await ask(hub, '/api/alerts/hot', { headers: as('ben') })).status).to.equal(404);
    expect((await ask(hub, '/api/alerts/hot', { method: 'DELETE', headers: as('ben') })).status).to.equal(404);
    expect((await ask(hub, '/api/alerts', { headers: as('ben') })).body).to.deep.equal({ alerts: [] });
    expect((await ask(hub, '/api/alerts/hot', { headers: as('ana') })).status).to.equal(200);
  });

  it('go on where they were when a change could not be stored', async () => {
    const store = new SlowStore();
    await using hub = await startTestHub({}, { store });
    const send = await measure(hub);
    await ask(hub, '/api/alerts', post(hot));
    await send('{"heat":31}');
    await said(hub, 1);

    store.holding = true;
    const deleting = ask(hub, '/api/alerts/hot', { method: 'DELETE' });
    await until(() => store.waiting > 0, 'the commit of the last notice');
    store.fail();
    const { status } = await deleting;
    store.release();
    await send('{"heat":20}');
    await said(hub, 2);

    expect(status).to.equal(507);
    expect((await texts(hub))[1]).to.equal('Alert hot cleared: heat of oven is 20');
  });
});
