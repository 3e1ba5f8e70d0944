import { expect } from 'chai';
import { startTestHub } from './support/hub.ts';
import { follow } from './support/messages.ts';
import { run } from './support/process.ts';
import { until } from './support/until.ts';

for (const version of ['mqttv31', 'mqttv311', 'mqttv5']) {
  describe(`mosquitto_pub and mosquitto_sub with ${version}`, () => {
    it('talk to each other and to MQTT.js', async () => {
      await using hub = await startTestHub();
      const at = ['-h', '127.0.0.1', '-p', String(hub.ports.mqtt), '-V', version];
      const ana = await hub.client('ana');
      const entries = await follow(ana, 'chat/general');
      await using sub = run('mosquitto_sub', [...at, '-i', 'reader', '-t', 'chat/#', '-C', '2', '-v']);
      await until(() => hub.aedes.connectedClients === 2, 'mosquitto_sub connecting');
      await until(async () => (await presence(hub.httpUrl)).includes('reader'), 'the reader being present');

      await using pub = run('mosquitto_pub', [
        ...at,
        '-i',
        'p',
        '-u',
        'Ben',
        '-t',
        'chat/general',
        '-q',
        '1',
        '-m',
        'from a terminal',
      ]);
      expect(await pub.exit).to.equal(0);
      const entry = (await entries.next()).json();
      await ana.publishAsync('chat/general', 'from a program', { qos: 1 });

      expect(entry).to.include({ from: 'ben', text: 'from a terminal' });
      expect(await sub.exit).to.equal(0);
      expect(sub.stdout()).to.match(
        /^chat\/general \{.*"text":"from a terminal"\}\nchat\/general \{.*"from":"ana".*\}\n$/,
      );
    });

    it('send a retained reading that a later reader gets', async () => {
      await using hub = await startTestHub();
      const at = ['-h', '127.0.0.1', '-p', String(hub.ports.mqtt), '-V', version];

      await using pub = run('mosquitto_pub', [
        ...at,
        '-i',
        'door-9',
        '-t',
        'devices/door-9/state',
        '-r',
        '-q',
        '1',
        '-m',
        '{"open":true}',
      ]);
      await pub.exit;
      await using sub = run('mosquitto_sub', [
        ...at,
        '-i',
        'late',
        '-t',
        'devices/+/state',
        '-C',
        '1',
        '-W',
        '5',
        '-v',
      ]);

      expect(await sub.exit).to.equal(0);
      expect(sub.stdout()).to.equal('devices/door-9/state {"open":true}\n');
    });
  });
}

describe('mosquitto_pub and mosquitto_sub with mqttv5', () => {
  it('keep user properties and show the content type of an entry', async () => {
    await using hub = await startTestHub();
    const at = ['-h', '127.0.0.1', '-p', String(hub.ports.mqtt), '-V', 'mqttv5'];
    await using sub = run('mosquitto_sub', [
      ...at,
      '-i',
      'reader',
      '-t',
      'chat/#',
      '-C',
      '1',
      '-W',
      '5',
      '-F',
      '%P|%C',
    ]);
    await until(async () => (await presence(hub.httpUrl)).includes('reader'), 'the reader being present');
    const properties = [
      '-D',
      'publish',
      'user-property',
      'mood',
      'good',
      '-D',
      'publish',
      'content-type',
      'text/plain',
    ];

    await using pub = run('mosquitto_pub', [
      ...at,
      '-i',
      'p',
      '-t',
      'chat/general',
      '-q',
      '1',
      '-m',
      'hi',
      ...properties,
    ]);

    expect(await pub.exit).to.equal(0);
    expect(await sub.exit).to.equal(0);
    expect(sub.stdout()).to.equal('mood:good|application/json\n');
  });

  for (const [topic, payload, qos, reason] of [
    ['chat/general', '{"text":7}', '1', 'Payload format invalid'],
    ['chat/general', '{"text":7}', '2', 'Payload format invalid'],
    ['chat/Not A Name', 'hi', '1', 'Topic Name invalid'],
    ['presence/ana', '{}', '1', 'Not authorized'],
  ] as const) {
    it(`are told why ${payload} to ${topic} at QoS ${qos} is refused`, async () => {
      await using hub = await startTestHub();
      const at = ['-h', '127.0.0.1', '-p', String(hub.ports.mqtt), '-V', 'mqttv5', '-i', 'p'];

      await using pub = run('mosquitto_pub', [...at, '-t', topic, '-q', qos, '-m', payload]);
      await pub.exit;

      expect(pub.stdout() + pub.stderr()).to.include(`failed: ${reason}`);
    });
  }
});

async function presence(url: string): Promise<string> {
  return (await fetch(`${url}/api/presence`)).text();
}
