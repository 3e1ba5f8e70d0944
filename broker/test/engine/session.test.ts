import { expect } from 'chai';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const kept = { clean: false, properties: { sessionExpiryInterval: 60 } };

describe('a session', () => {
  it('is announced as present only when it was kept [MQTT-3.2.2-2]', async () => {
    await using broker = await startTestBroker();

    using first = await RawClient.connect(broker.port, 'c', kept);
    first.socket.destroy();
    using second = await RawClient.connect(broker.port, 'c', kept);
    second.socket.destroy();
    using third = await RawClient.connect(broker.port, 'c', { clean: true });

    expect(first.connack['sessionPresent']).to.equal(false);
    expect(second.connack['sessionPresent']).to.equal(true);
    expect(third.connack['sessionPresent']).to.equal(false);
  });

  it('keeps subscriptions and queues QoS 1 and 2 in order while its client is away', async () => {
    await using broker = await startTestBroker();
    using reader = await RawClient.connect(broker.port, 'reader', { version: 4, clean: false });
    await reader.subscribe('t', 2);
    reader.socket.destroy();
    await reader.whenClosed();
    using writer = await RawClient.connect(broker.port, 'writer', { version: 4 });
    for (let id = 1; id <= 5; id++) writer.publish('t', String(id), { qos: 1, messageId: id });
    for (let id = 1; id <= 5; id++) await writer.expect('puback');

    using again = await RawClient.connect(broker.port, 'reader', { version: 4, clean: false });
    const payloads: string[] = [];
    for (let i = 0; i < 5; i++) payloads.push(String((await again.expect('publish'))['payload']));

    expect(payloads).to.deep.equal(['1', '2', '3', '4', '5']);
  });

  it('sends what was not acknowledged again with DUP and the same packet id [MQTT-4.4.0-1]', async () => {
    await using broker = await startTestBroker();
    using reader = await RawClient.connect(broker.port, 'reader', kept);
    await reader.subscribe('t', 1);
    broker.aedes.publish(message('t', 'one', 1), () => {});
    const sent = await reader.expect('publish');
    reader.socket.destroy();

    using again = await RawClient.connect(broker.port, 'reader', kept);
    const resent = await again.expect('publish');

    expect(sent['dup']).to.equal(false);
    expect(resent).to.include({ dup: true, messageId: sent['messageId'] });
    expect(String(resent['payload'])).to.equal('one');
  });

  it('sends PUBREL, and never PUBLISH, again after PUBREC [MQTT-4.3.3-5]', async () => {
    await using broker = await startTestBroker();
    using reader = await RawClient.connect(broker.port, 'reader', kept);
    await reader.subscribe('t', 2);
    broker.aedes.publish(message('t', 'once', 2), () => {});
    const { messageId } = await reader.expect('publish');
    reader.ack('pubrec', messageId as number);
    await reader.expect('pubrel');
    reader.socket.destroy();

    using again = await RawClient.connect(broker.port, 'reader', kept);
    const pubrel = await again.expect('pubrel');
    again.ack('pubcomp', messageId as number);

    expect(pubrel['messageId']).to.equal(messageId);
    expect(await again.isSilent()).to.equal(true);
  });

  it('takes a QoS 2 message once, across a reconnect [MQTT-4.3.3-10]', async () => {
    await using broker = await startTestBroker();
    using reader = await RawClient.connect(broker.port, 'reader');
    await reader.subscribe('t', 2);
    using writer = await RawClient.connect(broker.port, 'writer', kept);
    writer.publish('t', 'once', { qos: 2, messageId: 7 });
    await writer.expect('pubrec');
    writer.socket.destroy();

    using again = await RawClient.connect(broker.port, 'writer', kept);
    again.publish('t', 'once', { qos: 2, messageId: 7, dup: true });
    await again.expect('pubrec');
    again.ack('pubrel', 7);
    await again.expect('pubcomp');
    const received = await reader.expect('publish');
    reader.ack('pubrec', received['messageId'] as number);
    await reader.expect('pubrel');

    expect(await reader.isSilent()).to.equal(true);
  });

  it('ends when its expiry has passed (§3.1.2.11.2)', async () => {
    await using broker = await startTestBroker();
    using first = await RawClient.connect(broker.port, 'c', { properties: { sessionExpiryInterval: 1 } });
    await first.subscribe('t', 1);
    first.socket.destroy();

    await eventually(() => broker.engine.sessions.get('c') === undefined);

    expect(broker.engine.counters).to.include({ sessionsExpired: 1, sessions: 0, subscriptions: 0 });
  });

  it('is kept no longer than the hub allows, and CONNACK says so', async () => {
    await using broker = await startTestBroker({ options: { sessionExpirySeconds: 30 } });

    using client = await RawClient.connect(broker.port, 'c', { properties: { sessionExpiryInterval: 3600 } });

    expect(client.connack['properties']).to.include({ sessionExpiryInterval: 30 });
  });

  it('may change its expiry at DISCONNECT, but not gain one (§3.14.2.2.2)', async () => {
    await using broker = await startTestBroker();
    using kind = await RawClient.connect(broker.port, 'kind', kept);
    kind.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await kind.whenClosed();
    using wrong = await RawClient.connect(broker.port, 'wrong');
    wrong.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 5 } });

    expect((await wrong.expect('disconnect'))['reasonCode']).to.equal(0x82);
    expect(broker.engine.sessions.get('kind')).to.equal(undefined);
  });

  it('belongs to its user: nobody else takes it over', async () => {
    await using broker = await startTestBroker({
      options: { ownedSessions: true },
      aedes: {
        authenticate(client, username, _password, done) {
          Object.assign(client, { user: username });
          done(null, true);
        },
      },
    });
    using owner = await RawClient.connect(broker.port, 'c', { ...kept, username: 'ana' });

    using thief = await RawClient.connect(broker.port, 'c', { ...kept, username: 'ben' });

    expect(thief.connack['reasonCode']).to.equal(0x85);
    expect(await owner.isSilent()).to.equal(true);
  });
});

function message(topic: string, payload: string, qos: 0 | 1 | 2) {
  return { cmd: 'publish' as const, topic, payload, qos, retain: false, dup: false };
}
