import { expect } from 'chai';
import { ulid } from 'ulid';
import { startTestHub } from './support/hub.ts';
import { ask, post } from './support/http.ts';
import { follow } from './support/messages.ts';
import { until } from './support/until.ts';

/** A PUBACK or PUBREC as MQTT.js gives it. */
interface Acknowledgement {
  readonly properties?: { readonly userProperties?: object };
}

describe('a publish that is refused', () => {
  const id = ulid();
  const invalidUtf8 = Buffer.from([0xff, 0xfe]);
  for (const [what, topic, payload, code] of [
    ['an empty draft', 'chat/general', '', 'payload-invalid'],
    ['a draft that is not UTF-8', 'chat/general', invalidUtf8, 'payload-invalid'],
    ['a draft that fails the schema', 'chat/general', '{"text":7}', 'payload-invalid'],
    ['an edit of nothing', 'chat/general', `{"kind":"edit","target":"${id}","text":"x"}`, 'payload-invalid'],
    ['an invalid channel name', 'chat/Not A Name', 'x', 'name-invalid'],
    ['direct messages out of order', 'dm/zoe/ana', 'x', 'topic-invalid'],
    ["others' direct messages", 'dm/ben/eve', 'x', 'not-authorized'],
    ["another user's read position", 'users/ben/read/general', '3', 'not-authorized'],
    ['presence', 'presence/ben', '{}', 'not-authorized'],
    ['a channel document', 'channels/general', '{}', 'not-authorized'],
    ["the hub's statistics", '$SYS/broker/uptime', 'x', 'not-authorized'],
    ['a report of errors', 'hub/errors/ana', 'x', 'not-authorized'],
    ['a topic of 101 levels', 'a/'.repeat(100) + 'a', 'x', 'topic-invalid'],
    ['a command id with a slash', 'devices/lamp-1/commands/set', '{"id":"a/b"}', 'payload-invalid'],
  ] as const) {
    it(`is reported to its sender alone: ${what}`, async () => {
      await using hub = await startTestHub();
      const [ana, ben] = await Promise.all([
        hub.client('ana', { clientId: 'Ana’s phone' }),
        hub.client('ben', { clientId: 'b' }),
      ]);
      const [errors, foreign, everything] = await Promise.all([
        follow(ana, 'hub/errors/+', { qos: 0 }),
        follow(ben, 'hub/errors/+', { qos: 0 }),
        follow(ben, 'chat/#'),
      ]);

      await ana.publishAsync(topic, payload, { qos: 1 });
      const refusal = (await errors.next()).json();
      await ana.publishAsync('chat/general', 'still here', { qos: 1 });

      expect(refusal).to.include({ code }).and.have.all.keys('code', 'message', 'topic', 'at');
      expect((await everything.next()).json()).to.include({ text: 'still here', seq: 1 });
      expect(foreign.queue.filter((one) => one.topic.startsWith('hub/'))).to.deep.equal([]);
    });
  }

  it('is named by its code in the acknowledgement of MQTT 5, for who wants to know why', async () => {
    await using hub = await startTestHub();
    const refusalOf = async (requestProblemInformation: boolean, qos: 1 | 2): Promise<unknown> => {
      const client = await hub.client('ana', { protocolVersion: 5, properties: { requestProblemInformation } });
      return new Promise((resolve) => {
        client.publish('dm/zoe/ana', 'x', { qos }, (_error, packet) =>
          resolve((packet as Acknowledgement).properties?.userProperties),
        );
      });
    };

    expect(await refusalOf(true, 1)).to.deep.include({ code: 'topic-invalid' });
    expect(await refusalOf(true, 2)).to.deep.include({ code: 'topic-invalid' });
    expect(await refusalOf(false, 1)).to.equal(undefined);
  });

  it('is a packet over maxPacketBytes: its connection ends, nobody else notices', async () => {
    await using hub = await startTestHub();
    const [big, ben] = await Promise.all([hub.client('ana'), hub.client('ben')]);
    const seen = await follow(ben, '#');
    big.on('error', () => {});

    big.publish('blob', Buffer.alloc(10 * 1024 ** 2), { qos: 1 });
    await until(() => !big.connected, 'the connection ending');
    await ben.publishAsync('chat/general', 'undisturbed', { qos: 1 });

    expect((await seen.next(({ topic }) => topic === 'chat/general')).json()).to.include({ text: 'undisturbed' });
    expect(seen.queue.filter(({ topic }) => topic === 'blob')).to.deep.equal([]);
  });

  it('is a retained message past maxRetainedMessages, on the wire and over HTTP; the hub keeps its own', async () => {
    await using hub = await startTestHub({ maxRetainedMessages: 0 });
    const ana = await hub.client('ana');
    const errors = await follow(ana, 'hub/errors/+', { qos: 0 });

    await ana.publishAsync('plant/valve', 'open', { qos: 1, retain: true });
    const { status, body } = await ask(
      hub,
      '/api/publish',
      post({ topic: 'plant/valve', payload: 'open', retain: true }),
    );
    const channel = await follow(ana, 'channels/general');

    expect((await errors.next()).json()).to.include({ code: 'quota-exceeded', topic: 'plant/valve' });
    expect(status).to.equal(507);
    expect(body).to.have.nested.property('error.code', 'quota-exceeded');
    expect((await channel.next()).json()).to.include({ name: 'general' });
  });

  it('is a user name that is no name: the connection is refused with code 4', async () => {
    await using hub = await startTestHub();

    const refusal: unknown = await hub.client('not a name').catch((error: unknown) => error);

    expect(refusal).to.include({ code: 4 });
  });
});

describe('names', () => {
  it('are the user name in lower case, else the client id, else a guest', async () => {
    await using hub = await startTestHub();
    const reader = await hub.client('reader');
    const entries = await follow(reader, 'chat/general');

    for (const [username, clientId] of [
      ['Ana', 'x'],
      [undefined, 'lamp-1'],
      [undefined, 'Not A Name'],
      [undefined, ''],
    ] as const) {
      const client = await hub.client(username, { clientId });
      await client.publishAsync('chat/general', 'hi', { qos: 1 });
    }

    const names = [];
    for (let left = 4; left > 0; left--) names.push((await entries.next()).json()['from']);
    expect(names.slice(0, 2)).to.deep.equal(['ana', 'lamp-1']);
    for (const guest of names.slice(2)) expect(guest).to.match(/^guest-[a-z0-9]{6}$/);
  });
});
