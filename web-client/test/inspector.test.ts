import { expect } from 'chai';
import { startTestHub } from '../../broker/test/support/hub.ts';
import type { TestHub } from '../../broker/test/support/hub.ts';
import { until } from '../../broker/test/support/until.ts';
import { MqttTap } from '../src/link/mqtt-tap.ts';
import { heldBounds, Inspector } from '../src/state/topics/inspector.ts';
import type { Arrived } from '../src/state/topics/seen.ts';
import type { Tap, TapListener } from '../src/state/topics/tap.ts';

interface Inspected extends AsyncDisposable {
  readonly hub: TestHub;
  readonly inspector: Inspector;
}

async function inspect(filter: string): Promise<Inspected> {
  const hub = await startTestHub();
  const tap = new MqttTap({ url: hub.wsUrl, username: 'ana', clientId: 'topics-ana', capMs: 200 });
  const inspector = new Inspector(tap);
  inspector.listen(filter);
  const subscribed = new Promise((resolve) => hub.aedes.once('subscribe', resolve));
  tap.open();
  await subscribed;
  const close = async (): Promise<void> => {
    tap.close();
    await hub.close();
  };
  return { hub, inspector, [Symbol.asyncDispose]: close };
}

const last = ({ tree }: Inspector, topic: string) => tree.get(topic)?.last;

describe('the inspector at a hub', () => {
  it('sees messages with the properties of MQTT 5, and whether they were published to be kept', async () => {
    await using inspected = await inspect('plant/#');
    const { hub, inspector } = inspected;
    const sender = await hub.client('ben', { protocolVersion: 5 });
    const properties = {
      contentType: 'application/json',
      payloadFormatIndicator: true,
      responseTopic: 'plant/answers',
      correlationData: Buffer.from([1, 2]),
      messageExpiryInterval: 60,
      userProperties: { site: ['north', 'south'] },
    };

    await sender.publishAsync('plant/a', '{}', { qos: 2, retain: true, properties });
    await sender.publishAsync('plant/b', 'x');
    await until(() => last(inspector, 'plant/b'), 'the second message');

    const { payload, key: _key, at: _at, ...rest } = last(inspector, 'plant/a')!;
    expect(new TextDecoder().decode(payload)).to.equal('{}');
    expect(rest).to.deep.equal({
      topic: 'plant/a',
      qos: 2,
      retain: true,
      properties: {
        contentType: 'application/json',
        isText: true,
        responseTopic: 'plant/answers',
        correlationData: new Uint8Array([1, 2]),
        expirySeconds: 60,
        user: [
          ['site', 'north'],
          ['site', 'south'],
        ],
      },
    });
    expect(last(inspector, 'plant/b')).to.include({ retain: false, qos: 0 });
    expect(inspector.tree.retained('#')).to.deep.equal(['plant/a']);
  });

  it('publishes with properties, clears what is retained, and counts what it may not clear', async () => {
    await using inspected = await inspect('#');
    const { hub, inspector } = inspected;
    const sender = await hub.client('ben');
    for (const topic of ['plant/a', 'plant/b']) await sender.publishAsync(topic, 'x', { qos: 1, retain: true });
    await inspector.publish({
      topic: 'plant/c',
      payload: new Uint8Array([1]),
      qos: 1,
      retain: true,
      properties: { user: [['a', 'b']] },
    });
    await until(() => inspector.tree.retained('plant/#').length === 3, 'the retained messages');
    await until(() => inspector.tree.get('channels/general')?.retained, 'the channel');

    await inspector.purgeRetained('#', [...inspector.tree.retained('plant/#'), 'channels/general']);

    expect(last(inspector, 'plant/c')!.properties).to.equal(undefined);
    expect(inspector.purge).to.include({ total: 4, done: 3, refused: 1 });
    expect(inspector.purge!.reason).to.be.a('string').and.not.equal('');
    await until(() => inspector.tree.retained('plant/#').length === 0, 'the markers going');
    expect(inspector.tree.retained('channels/#')).to.deep.equal(['channels/general']);
  });

  it('says why a filter is refused, and goes on with the next', async () => {
    await using inspected = await inspect('plant/#');
    const { inspector, hub } = inspected;

    inspector.listen('a/#/b');
    expect(inspector.problem).to.match(/not a topic filter/);
    inspector.listen('dm/ben/cleo');
    await until(() => inspector.problem !== undefined, 'the refusal');
    inspector.listen('plant/+');
    expect(inspector.problem).to.equal(undefined);
    const sender = await hub.client('ben');
    await sender.publishAsync('plant/late', 'x', { qos: 1, retain: true });

    await until(() => last(inspector, 'plant/late'), 'the message');
  });

  it('comes back when its connection is lost, and a publish meanwhile says so', async () => {
    await using inspected = await inspect('plant/#');
    const { inspector, hub } = inspected;
    const again = new Promise((resolve) => hub.aedes.once('subscribe', resolve));

    const client = (hub.aedes as unknown as { clients: Record<string, { close(): void }> }).clients['topics-ana']!;
    client.close();
    await until(() => inspector.tap.state !== 'online', 'the loss');
    const refused = await inspector
      .publish({ topic: 'a', payload: new Uint8Array(0), qos: 0, retain: false })
      .catch((error: Error) => error.message);
    await again;
    const sender = await hub.client('ben');
    await sender.publishAsync('plant/a', 'x', { retain: true });

    await until(() => last(inspector, 'plant/a'), 'the message');
    expect(refused).to.equal('There is no connection to the hub.');
  });
});

/** A tap whose network a test plays. */
class PlayedTap implements Tap {
  readonly state = 'online';
  listener: TapListener | undefined;

  watch(): () => void {
    return () => undefined;
  }

  listen(_filter: string, listener: TapListener): () => void {
    this.listener = listener;
    return () => (this.listener = undefined);
  }

  async publish(): Promise<void> {
    throw new Error('nobody listens');
  }

  send(topic: string, payload = new Uint8Array(1)): void {
    const arrived: Arrived = { topic, payload, qos: 0, retain: false };
    this.listener?.message(arrived);
  }
}

describe('the inspector, paused', () => {
  it('holds what arrives until it goes on', () => {
    const tap = new PlayedTap();
    const inspector = new Inspector(tap);
    inspector.listen('#');
    tap.send('a');

    inspector.pause(true);
    tap.send('b');
    expect([inspector.tree.size, inspector.held.count]).to.deep.equal([1, 1]);
    inspector.pause(false);

    expect([inspector.tree.size, inspector.held.count]).to.deep.equal([2, 0]);
  });

  it('holds no more than it may, in messages and in bytes, and counts what it lets go', () => {
    const tap = new PlayedTap();
    const inspector = new Inspector(tap);
    inspector.listen('#');
    inspector.pause(true);

    for (let at = 0; at < heldBounds.messages + 100; at++) tap.send('a');
    expect(inspector.held.count).to.equal(heldBounds.messages + 100);
    expect(inspector.held.missed).to.be.greaterThan(99);
    for (let at = 0; at < 40; at++) tap.send('big', new Uint8Array(1024 * 1024));
    inspector.pause(false);

    expect(inspector.tree.get('big')!.count).to.be.within(1, 16);
  });

  it('begins anew with another filter', () => {
    const tap = new PlayedTap();
    const inspector = new Inspector(tap);
    inspector.listen('#');
    tap.send('a');
    inspector.select('a');
    inspector.pause(true);

    inspector.listen('other/+');

    expect([inspector.tree.size, inspector.count, inspector.paused, inspector.selected]).to.deep.equal([
      0,
      0,
      false,
      undefined,
    ]);
  });
});
