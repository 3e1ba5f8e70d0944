import { expect } from 'chai';
import { startTestHub } from '../../broker/test/support/hub.ts';
import { until } from '../../broker/test/support/until.ts';
import { LinkDown } from '../src/link/link.ts';
import type { Message } from '../src/link/link.ts';
import { MqttLink } from '../src/link/mqtt-link.ts';

const isOnline = (link: MqttLink): boolean => link.status.state === 'online';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function makeLink(url: string): MqttLink & AsyncDisposable {
  const link = new MqttLink({ url, username: 'ana', clientId: 'web-test', baseMs: 20, capMs: 50, floorMs: 5 });
  link.open();
  return Object.assign(link, { [Symbol.asyncDispose]: () => link.close() });
}

describe('the link to the hub', () => {
  it('delivers each message once to everyone whose filter matches, retained ones marked', async () => {
    await using hub = await startTestHub();
    const other = await hub.client('other');
    await other.publishAsync('plant/kept', 'old', { retain: true, qos: 1 });
    await using link = makeLink(hub.wsUrl);
    const [all, one]: Message[][] = [[], []];
    link.listen('plant/#', { qos: 1 }, (message) => all!.push(message));
    const stop = link.listen('plant/live', { qos: 0 }, (message) => one!.push(message));
    await until(() => all!.length === 1, 'the retained message');

    await link.publish('plant/live', bytes('now'), { qos: 1 });
    await until(() => one!.length === 1 && all!.length >= 2, 'the live message');
    stop();
    await link.publish('plant/live', bytes('again'), { qos: 2 });
    await until(() => all!.some(({ payload }) => new TextDecoder().decode(payload) === 'again'), 'the next one');

    expect(all![0]).to.include({ topic: 'plant/kept', retain: true });
    expect(one).to.have.lengthOf(1);
  });

  it('comes back by itself, subscribes again, and never publishes what waited', async () => {
    const first = await startTestHub();
    const { http: httpPort } = first.ports;
    await using link = makeLink(first.wsUrl);
    const heard: string[] = [];
    link.listen('plant/#', { qos: 1 }, ({ payload }) => heard.push(new TextDecoder().decode(payload)));
    await until(() => isOnline(link), 'the first connection');

    await first.close();
    await until(() => !isOnline(link), 'the loss being seen');
    const refused = await link.publish('plant/x', bytes('lost'), { qos: 1 }).catch((error: unknown) => error);
    await using second = await startTestHub({ httpPort });
    await until(() => isOnline(link), 'the second connection');
    await (await second.client('other')).publishAsync('plant/x', 'back', { qos: 1 });
    await until(() => heard.length > 0, 'a message after the reconnect');

    expect(refused).to.be.instanceOf(LinkDown);
    expect(link.connection).to.equal(2);
    expect(heard).to.deep.equal(['back']);
  });

  it('rejects what was not acknowledged when the connection ends', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 2048 });
    await using link = makeLink(hub.wsUrl);
    await until(() => isOnline(link), 'the connection');

    const outcome = await link.publish('plant/x', new Uint8Array(4096), { qos: 1 }).catch((error: unknown) => error);

    expect(outcome).to.be.instanceOf(LinkDown);
  });

  it('reconnects at once when it is woken', async () => {
    const first = await startTestHub();
    const { http: httpPort } = first.ports;
    const link = new MqttLink({ url: first.wsUrl, username: 'ana', clientId: 'web-test', floorMs: 60_000 });
    link.open();
    await until(() => isOnline(link), 'the first connection');
    await first.close();
    await until(() => link.status.state === 'waiting', 'the loss being seen');
    await using _second = await startTestHub({ httpPort });

    link.wake();

    await until(() => isOnline(link), 'the connection after waking');
    link.wake();
    await link.close();
    expect(link.status.state).to.equal('closed');
  });
});
