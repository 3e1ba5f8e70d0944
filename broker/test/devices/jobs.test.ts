import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import type { Job } from '../../src/devices/job.ts';
import { sweepJobs } from '../../src/devices/job-retention.ts';
import { HOUR_MS } from '../../src/devices/tables.ts';
import { createData, MemoryStore } from '../../src/store/memory.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { as, ask, post } from '../support/http.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';

const set = '/api/devices/lamp-1/commands/set';

async function settled(hub: TestHub, id: string, state: Job['state']): Promise<Job> {
  return until(async () => {
    const { body } = await ask<Job>(hub, `/api/jobs/${id}`);
    return body.state === state ? body : undefined;
  }, `job ${id} being ${state}`);
}

function reply(lamp: MqttClient, id: string, body: object): Promise<unknown> {
  return lamp.publishAsync(`devices/lamp-1/replies/${id}`, JSON.stringify(body), { qos: 1 });
}

describe('a command over HTTP', () => {
  it('is a job that follows its device from queued over running to done', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1', { protocolVersion: 5 });
    const commands = await follow(lamp, 'devices/lamp-1/commands/+');

    const { status, headers, body } = await ask<Job>(hub, set, post({ args: { on: true } }, 'ana'));
    const { packet, json } = await commands.next();

    expect(status).to.equal(202);
    expect(headers.get('location')).to.equal(`/api/jobs/${body.id}`);
    expect(body).to.include({ device: 'lamp-1', command: 'set', state: 'queued', progress: 0, by: 'ana' });
    expect(json()).to.deep.equal({ id: body.id, args: { on: true } });
    expect(packet.properties!.messageExpiryInterval).to.be.within(299, 300);

    await reply(lamp, body.id, { progress: 0.5 });
    expect(await settled(hub, body.id, 'running')).to.include({ progress: 0.5 });
    await reply(lamp, body.id, { ok: true, result: { on: true } });
    expect(await settled(hub, body.id, 'done')).to.deep.include({ progress: 1, result: { on: true } });

    await reply(lamp, body.id, { progress: 0.1 });
    expect(await settled(hub, body.id, 'done')).to.include({ progress: 1 });
  });

  it('fails with the error of its device, and heeds no other device', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    const { body } = await ask<Job>(hub, set, { method: 'POST' });

    await lamp.publishAsync(`devices/other/replies/${body.id}`, '{"ok":true}', { qos: 1 });
    await reply(lamp, body.id, { neither: 'nor' });
    await reply(lamp, body.id, { ok: false, error: 'no bulb' });

    expect(await settled(hub, body.id, 'failed')).to.include({ error: 'no bulb' });
  });

  it('takes plain arguments, and an id that makes repeating it safe', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    const commands = await follow(lamp, 'devices/lamp-1/commands/+');
    const body = { id: 'mine', args: 1 };

    const first = await ask<Job>(hub, set, post(body, 'ana'));
    const again = await ask<Job>(hub, set, post(body, 'ana'));
    const other = await ask(hub, set, post(body, 'ben'));
    await ask(hub, set, { method: 'POST', body: 'on', headers: { 'Content-Type': 'text/plain' } });

    expect(again.body).to.deep.equal(first.body);
    expect([other.status, other.body]).to.have.nested.property('[1].error.code', 'id-taken');
    expect((await commands.next()).json()).to.deep.equal(body);
    expect((await commands.next()).json()).to.include({ args: 'on' });
  });

  it('expires when its device does not answer in time', async () => {
    await using hub = await startTestHub();

    const { body } = await ask<Job>(hub, `${set}?expirySeconds=1`, post({}));

    const job = await settled(hub, body.id, 'expired');
    expect(job.error).to.be.a('string');
    expect(job.updatedAt - job.createdAt).to.be.within(990, 3000);
  });

  it('survives a restart: replies still count, and what had ended can be read', async () => {
    const data = createData();
    const ids: string[] = [];
    {
      await using hub = await startTestHub({}, { store: new MemoryStore(data) });
      const lamp = await hub.client('lamp-1');
      for (let index = 0; index < 2; index++) ids.push((await ask<Job>(hub, set, post({}))).body.id);
      ids.push((await ask<Job>(hub, `${set}?expirySeconds=1`, post({}))).body.id);
      await reply(lamp, ids[0]!, { ok: true });
    }

    await using hub = await startTestHub({}, { store: new MemoryStore(data) });
    const lamp = await hub.client('lamp-1');
    await reply(lamp, ids[1]!, { ok: false, error: 'late' });

    await settled(hub, ids[0]!, 'done');
    expect(await settled(hub, ids[1]!, 'failed')).to.include({ error: 'late' });
    await settled(hub, ids[2]!, 'expired');
  });

  it('is forgotten jobHours after its end', async () => {
    const store = new MemoryStore();
    await using hub = await startTestHub({}, { store });
    const lamp = await hub.client('lamp-1');
    const open = await ask<Job>(hub, set, post({}));
    const done = await ask<Job>(hub, set, post({}));
    await reply(lamp, done.body.id, { ok: true });

    sweepJobs(store, 24, Date.now() + 23 * HOUR_MS);
    await settled(hub, done.body.id, 'done');
    sweepJobs(store, 24, Date.now() + 25 * HOUR_MS);

    expect((await ask(hub, `/api/jobs/${done.body.id}`)).status).to.equal(404);
    await settled(hub, open.body.id, 'queued');
    expect([...store.range('jobs-ended')]).to.have.length(0);
  });

  for (const [what, path, init, status, code] of [
    ['a device name that is none', '/api/devices/No%20Name/commands/set', post({}), 400, 'name-invalid'],
    ['a command that is no level', '/api/devices/lamp-1/commands/a%2Fb', post({}), 400, 'name-invalid'],
    ['a wildcard', '/api/devices/lamp-1/commands/%23', post({}), 400, 'name-invalid'],
    ['JSON that does not parse', set, post('{'), 400, 'payload-invalid'],
    ['an id that is no level', set, post({ id: 'a/b' }), 400, 'payload-invalid'],
    ['bytes that are no UTF-8', set, { method: 'POST', body: new Uint8Array([255]) }, 400, 'payload-invalid'],
    ['an expiry of 0', `${set}?expirySeconds=0`, post({}), 400, 'request-invalid'],
    ['an unknown value', `${set}?ttl=1`, post({}), 400, 'request-invalid'],
    ['a body of 10 MB', set, post('"'.padEnd(10_000_000, 'x')), 413, 'too-large'],
    ['an unknown job', '/api/jobs/nothing', { headers: as('ana') }, 404, 'not-found'],
    ['a job id that is too long', `/api/jobs/${'x'.repeat(129)}`, {}, 400, 'request-invalid'],
  ] as const) {
    it(`refuses ${what} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();

      const answer = await ask(hub, path, init);

      expect(answer.body).to.have.nested.property('error.code', code);
      expect(answer.status).to.equal(status);
    });
  }
});

describe('a reply to a command of MQTT 5', () => {
  it('reaches the Response Topic with the Correlation Data, progress and end', async () => {
    await using hub = await startTestHub();
    const [ana, lamp] = await Promise.all([hub.client('ana', { protocolVersion: 5 }), hub.client('lamp-1')]);
    const answers = await follow(ana, 'ana/answers');
    const properties = { responseTopic: 'ana/answers', correlationData: Buffer.from([1, 255]) };

    await ana.publishAsync('devices/lamp-1/commands/set', '{"id":"c1","args":{}}', { qos: 1, properties });
    await reply(lamp, 'c1', { progress: 0.5 });
    await reply(lamp, 'c1', { ok: true });
    await reply(lamp, 'c1', { ok: true, result: 'again' });

    const first = await answers.next();
    expect(first.json()).to.deep.equal({ progress: 0.5 });
    expect([...first.packet.properties!.correlationData!]).to.deep.equal([1, 255]);
    expect((await answers.next()).json()).to.deep.equal({ ok: true });
    await ana.publishAsync('ana/answers', '{"end":1}', { qos: 1 });
    expect((await answers.next()).json()).to.deep.equal({ end: 1 });
  });

  it('goes nowhere its requester may not publish, but to the topics it was given', async () => {
    await using hub = await startTestHub();
    const [eve, lamp, ben] = await Promise.all([
      hub.client('eve', { protocolVersion: 5, clientId: 'eve-1', properties: { requestResponseInformation: true } }),
      hub.client('lamp-1'),
      hub.client('ben'),
    ]);
    const [own, seen] = await Promise.all([follow(eve, 'hub/replies/eve-1/#'), follow(ben, 'dm/+/ben')]);
    const command = (id: string, responseTopic: string): Promise<unknown> =>
      eve.publishAsync('devices/lamp-1/commands/set', JSON.stringify({ id, args: 1 }), {
        qos: 1,
        properties: { responseTopic },
      });

    await command('c1', 'dm/ana/ben');
    await command('c2', 'hub/replies/other/x');
    await command('c3', 'hub/replies/eve-1/c3');
    for (const id of ['c1', 'c2', 'c3']) await reply(lamp, id, { ok: true });

    expect((await own.next()).topic).to.equal('hub/replies/eve-1/c3');
    expect(own.queue).to.deep.equal([]);
    expect(seen.queue).to.deep.equal([]);
  });

  it('does not go in circles', async () => {
    await using hub = await startTestHub();
    const [eve, lamp] = await Promise.all([hub.client('eve', { protocolVersion: 5 }), hub.client('lamp-1')]);
    const replies = await follow(eve, 'devices/+/replies/+');
    const properties = { responseTopic: 'devices/lamp-1/replies/c1' };

    await eve.publishAsync('devices/lamp-1/commands/set', '{"id":"c1","args":1}', { qos: 1, properties });
    await reply(lamp, 'c1', { progress: 0 });
    await reply(lamp, 'end', { progress: 0 });

    await replies.next(({ topic }) => topic.endsWith('/end'));
    expect(replies.queue).to.have.length(1);
  });
});
