import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';

async function asked(client: MqttClient, what: string, values: object): Promise<Record<string, unknown>> {
  const answers = await follow(client, 'hub/replies/+/+');
  await client.publishAsync(`hub/requests/${what}`, JSON.stringify({ id: 'r1', ...values }), { qos: 1 });
  return (await answers.next(({ topic }) => topic.endsWith('/r1'))).json();
}

describe('requests over MQTT', () => {
  it('are answered on 3.1.1 with the body of the matching GET', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'one' });
    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'two' });
    await call(hub, 'ana', 'POST', '/api/dm/ben/messages', { text: 'psst' });
    const client = async () => hub.client('ben');

    expect(await asked(await client(), 'history', { channel: 'general', after: 1 })).to.deep.equal(
      (await call(hub, 'ben', 'GET', '/api/channels/general/messages?after=1')).body,
    );
    expect(await asked(await client(), 'history', { user: 'ana' })).to.deep.equal(
      (await call(hub, 'ben', 'GET', '/api/dm/ana/messages')).body,
    );
    expect(await asked(await client(), 'channels', {})).to.deep.equal(
      (await call(hub, 'ben', 'GET', '/api/channels')).body,
    );
    expect(await asked(await client(), 'who', {})).to.have.nested.property('users[0].user', 'ben');
    expect(await asked(await client(), 'presence', { status: 'away' })).to.include({ user: 'ben', status: 'away' });
  });

  it('are answered on the Response Topic of MQTT 5, with the correlation data', async () => {
    await using hub = await startTestHub();
    const client = await hub.client('ben', { protocolVersion: 5 });
    const answers = await follow(client, 'my/answers');
    const properties = { responseTopic: 'my/answers', correlationData: Buffer.from([1, 2, 3]) };

    await client.publishAsync('hub/requests/channels', '', { qos: 1, properties });

    const { packet, json } = await answers.next();
    expect(json()).to.have.nested.property('channels[0].name', 'general');
    expect([...packet.properties!.correlationData!]).to.deep.equal([1, 2, 3]);
  });

  it('go no further than the rights of who asks', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });
    const [eve, ben] = await Promise.all([hub.client('eve', { protocolVersion: 5 }), hub.client('ben')]);
    const atBen = await follow(ben, '#');
    const properties = { responseTopic: 'dm/ana/ben' };

    await eve.publishAsync('hub/requests/channels', '{}', { qos: 1, properties });
    const missing = await asked(eve, 'history', { channel: 'secret' });
    await eve.publishAsync('chat/general', 'after', { qos: 1 });

    expect(missing).to.have.nested.property('error.code', 'not-found');
    await atBen.next(({ topic }) => topic === 'chat/general');
    expect(atBen.queue.filter(({ topic }) => /^(dm|hub)\//.test(topic))).to.deep.equal([]);
  });

  it('wait for the next entry when they ask to', async () => {
    await using hub = await startTestHub();
    const answer = asked(await hub.client('ben'), 'history', { channel: 'general', wait: 30 });
    await new Promise((resolve) => setTimeout(resolve, 50));

    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'new' });

    expect(await answer).to.have.nested.property('entries[0].text', 'new');
  });

  for (const [what, values, code] of [
    ['history', { channel: 'general', limit: 0 }, 'request-invalid'],
    ['history', { channel: 'general', after: 'x' }, 'request-invalid'],
    ['history', { channel: 'general', wait: 61 }, 'request-invalid'],
    ['history', { channel: 7 }, 'request-invalid'],
    ['history', {}, 'request-invalid'],
    ['history', { channel: 'general', user: 'ana' }, 'request-invalid'],
    ['history', { channel: 'nowhere' }, 'not-found'],
    ['history', { user: 'ben' }, 'topic-invalid'],
    ['presence', { status: 'busy' }, 'request-invalid'],
  ] as const) {
    it(`answer ${code} to ${what} with ${JSON.stringify(values)}`, async () => {
      await using hub = await startTestHub();

      const answer = await asked(await hub.client('ben'), what, values);

      expect(answer).to.have.nested.property('error.code', code);
    });
  }

  for (const [what, topic, payload, code] of [
    ['without an id', 'hub/requests/who', '{}', 'payload-invalid'],
    ['with an id that fits no topic', 'hub/requests/who', '{"id":"a/b"}', 'payload-invalid'],
    ['that are no JSON', 'hub/requests/who', 'who?', 'payload-invalid'],
    ['for what there is not', 'hub/requests/secrets', '{"id":"1"}', 'not-found'],
  ] as const) {
    it(`are refused ${what}`, async () => {
      await using hub = await startTestHub();
      const client = await hub.client('ben');
      const errors = await follow(client, 'hub/errors/+', { qos: 0 });

      await client.publishAsync(topic, payload, { qos: 1 });

      expect((await errors.next()).json()).to.include({ code });
    });
  }

  it('are acknowledged as taken, though nobody subscribed to them', async () => {
    await using hub = await startTestHub();
    const client = await hub.client('ben', { protocolVersion: 5 });
    const codes: (number | undefined)[] = [];
    client.on('packetreceive', (packet) => packet.cmd === 'puback' && codes.push(packet.reasonCode ?? 0));

    for (let count = 0; count < 2; count++) {
      await client.publishAsync('hub/requests/who', '{"id":"same"}', { qos: 1 });
      await client.publishAsync('chat/general', '{"id":"01JD0000000000000000000000","text":"x"}', { qos: 1 });
    }
    await client.publishAsync('nobody/listens', 'x', { qos: 1 });

    // The first copy of the entry goes to subscribers, of whom there are none; its repetition is success.
    expect(codes).to.deep.equal([0, 0x10, 0, 0, 0x10]);
  });

  it('are refused when too many of one client are open', async () => {
    await using hub = await startTestHub();
    const client = await hub.client('ben');
    const errors = await follow(client, 'hub/errors/+', { qos: 0 });
    const request = JSON.stringify({ id: 'x', channel: 'general', wait: 60 });

    for (let count = 0; count < 17; count++) await client.publishAsync('hub/requests/history', request, { qos: 1 });

    expect((await errors.next()).json()).to.include({ code: 'too-many-requests' });
  });
});
