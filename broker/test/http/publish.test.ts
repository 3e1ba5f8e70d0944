import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startTestHub } from '../support/hub.ts';
import { ask, post } from '../support/http.ts';
import { follow } from '../support/messages.ts';

describe('POST /api/publish', () => {
  it('reaches MQTT readers with QoS, retain flag and properties', async () => {
    await using hub = await startTestHub();
    const reader = await hub.client('ben', { protocolVersion: 5 });
    const messages = await follow(reader, 'plant/#', { qos: 2 });

    const { status } = await ask(
      hub,
      '/api/publish',
      post({
        topic: 'plant/valve',
        payload: '/wAB',
        encoding: 'base64',
        qos: 2,
        properties: { contentType: 'x/y', correlationData: 'AP8=', userProperties: [['a', 'b']] },
      }),
    );

    const { payload, packet } = await messages.next();
    expect(status).to.equal(204);
    expect([...payload]).to.deep.equal([255, 0, 1]);
    expect(packet.qos).to.equal(2);
    expect(packet.properties).to.include({ contentType: 'x/y' });
    expect([...packet.properties!.correlationData!]).to.deep.equal([0, 255]);
    expect({ ...packet.properties!.userProperties }).to.deep.equal({ a: 'b' });
  });

  it('retains for late readers, and an empty payload deletes', async () => {
    await using hub = await startTestHub();

    await ask(hub, '/api/publish', post({ topic: 'kept', payload: 'here', retain: true }));
    const late = await follow(await hub.client('ben'), 'kept');
    expect((await late.next()).text()).to.equal('here');

    await ask(hub, '/api/publish', post({ topic: 'kept', retain: true }));
    const later = await follow(await hub.client('eve'), 'kept', { ms: 100 });
    expect(await later.next().catch(() => 'nothing')).to.equal('nothing');
  });

  it('makes a draft the entry of its caller', async () => {
    await using hub = await startTestHub();

    await ask(hub, '/api/publish', post({ topic: 'chat/general', payload: 'by any way' }, 'Ana'));

    const { body } = await ask(hub, '/api/channels/general/messages');
    expect(body).to.have.nested.property('entries[0].from', 'ana');
    expect(body).to.have.nested.property('entries[0].text', 'by any way');
  });

  for (const [what, body, status, code] of [
    ['no topic', { payload: 'x' }, 400, 'request-invalid'],
    ['an empty topic', { topic: '' }, 400, 'request-invalid'],
    ['a wildcard', { topic: 'a/+' }, 400, 'topic-invalid'],
    ['too many levels', { topic: 'a/'.repeat(100) }, 400, 'topic-invalid'],
    ['a topic with U+0000', { topic: 'a\0b' }, 400, 'topic-invalid'],
    ['an unknown key', { topic: 'a', text: 'x' }, 400, 'request-invalid'],
    ['a payload that is no string', { topic: 'a', payload: 5 }, 400, 'request-invalid'],
    ['an unknown encoding', { topic: 'a', encoding: 'hex' }, 400, 'request-invalid'],
    ['base64 that is none', { topic: 'a', payload: '%%%', encoding: 'base64' }, 400, 'request-invalid'],
    ['QoS 3', { topic: 'a', qos: 3 }, 400, 'request-invalid'],
    ['retain as text', { topic: 'a', retain: 'yes' }, 400, 'request-invalid'],
    ['an unknown property', { topic: 'a', properties: { topicAlias: 1 } }, 400, 'request-invalid'],
    ['a wildcard to answer to', { topic: 'a', properties: { responseTopic: '#' } }, 400, 'request-invalid'],
    [
      'an expiry that does not fit',
      { topic: 'a', properties: { messageExpiryInterval: 2 ** 32 } },
      400,
      'request-invalid',
    ],
    [
      'a property that no packet carries',
      { topic: 'a', properties: { contentType: 'ä'.repeat(65_535) } },
      413,
      'too-large',
    ],
    ['what only the hub publishes', { topic: 'presence/ana', payload: 'x' }, 403, 'not-authorized'],
    ['$SYS', { topic: '$SYS/broker/version', payload: 'x' }, 403, 'not-authorized'],
    ['the direct messages of others', { topic: 'dm/ana/ben', payload: 'x' }, 403, 'not-authorized'],
    ['the read position of another', { topic: 'users/ana/read/general', payload: '1' }, 403, 'not-authorized'],
    ['an empty draft', { topic: 'chat/general' }, 400, 'payload-invalid'],
    ['a channel name that is none', { topic: 'chat/No Name', payload: 'x' }, 400, 'name-invalid'],
    ['a body that is no object', '[]', 400, 'request-invalid'],
    ['a body that is no JSON', '{', 400, 'request-invalid'],
    ['an empty body', '', 400, 'request-invalid'],
  ] as const) {
    it(`refuses ${what} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();

      const answer = await ask(hub, '/api/publish', post(body, 'eve'));

      expect(answer.body).to.have.nested.property('error.code', code);
      expect(answer.status).to.equal(status);
    });
  }

  it('refuses a body of 10 MB before it is read', async () => {
    await using hub = await startTestHub();
    const socket = connect(hub.ports.http, '127.0.0.1');
    const head = 'POST /api/publish HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n';

    socket.write(`${head}Content-Length: 10000000\r\n\r\n{`);
    const [answer] = (await once(socket, 'data')) as [Buffer];

    expect(answer.toString())
      .to.match(/^HTTP\/1.1 413 /)
      .and.include('"code":"too-large"');
    socket.destroy();
  });

  it('refuses what is not declared as JSON', async () => {
    await using hub = await startTestHub();

    const answer = await ask(hub, '/api/publish', { method: 'POST', body: 'topic=a' });

    expect(answer.status).to.equal(415);
  });
});
