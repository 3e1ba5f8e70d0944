import { expect } from 'chai';
import mqtt from 'mqtt';
import type { History } from '../../src/devices/history.ts';
import { createData, MemoryStore } from '../../src/store/memory.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { ask } from '../support/http.ts';
import { SlowStore } from '../support/store.ts';
import { until } from '../support/until.ts';

/** What a crash leaves: the data as it is committed, and a hub whose further commits never end. */
function crashed(hub: TestHub, store: SlowStore): AsyncDisposable {
  store.holding = true;
  return {
    [Symbol.asyncDispose]: async () => {
      store.fail();
      store.holding = false;
      await hub.close();
    },
  };
}

describe('what a device was promised', () => {
  it('is recorded by the next start when the hub ends right after the acknowledgement', async () => {
    const data = createData();
    const store = new SlowStore(data);
    const hub = await startTestHub({}, { store });
    const oven = await hub.client('oven');
    await oven.publishAsync('devices/oven/telemetry', '{"heat":21}', { qos: 1 });
    await oven.publishAsync('devices/oven/telemetry', 'no readings', { qos: 1 });
    await using _ = crashed(hub, store);

    await using next = await startTestHub({}, { store: new MemoryStore(data) });
    const { body } = await ask<History>(next, '/api/devices/oven/telemetry?metric=heat');

    expect(body.points.map(({ count, last }) => [count, last])).to.deep.equal([[1, 21]]);
    expect([...new MemoryStore(data).range('telemetry-journal')]).to.deep.equal([]);
  });

  it('reaches who asked although the hub ends before the reply is brought', async () => {
    const data = createData();
    const store = new SlowStore(data);
    const hub = await startTestHub({}, { store });
    const session = {
      protocolVersion: 5,
      clientId: 'ana',
      clean: false,
      properties: { sessionExpiryInterval: 60 },
    } as const;
    const ana = await hub.client('ana', session);
    await ana.subscribeAsync('answers/ana', { qos: 1 });
    const properties = { responseTopic: 'answers/ana', correlationData: Buffer.from('7') };
    await ana.publishAsync('devices/oven/commands/heat', '{"id":"job-1"}', { qos: 1, properties });
    store.holding = true;
    const oven = await hub.client('oven');
    const acknowledged = oven.publishAsync('devices/oven/replies/job-1', '{"ok":true}', { qos: 1 });
    const isStaged = (): boolean => [...store.range('forwards')].length > 0;
    // One commit after the other until that of the reply; what it causes stays behind.
    await until(() => store.flush(1) ?? isStaged(), 'the commit of the reply');
    await acknowledged;
    await using _ = crashed(hub, store);

    await using next = await startTestHub({}, { store: new MemoryStore(data) });
    const answers: string[] = [];
    const again = mqtt.connect(next.mqttUrl, { ...session, username: 'ana', reconnectPeriod: 0 });
    again.on('message', (topic, payload, { properties: got }) =>
      answers.push(`${topic} ${String(payload)} ${String(got?.correlationData)}`),
    );
    await until(() => answers.length > 0, 'the answer');
    await again.endAsync(true);

    expect(answers).to.deep.equal(['answers/ana {"ok":true} 7']);
    expect([...new MemoryStore(data).range('forwards')]).to.deep.equal([]);
  });
});
