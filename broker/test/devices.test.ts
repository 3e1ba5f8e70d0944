import { expect } from 'chai';
import { startTestHub } from './support/hub.ts';
import { follow } from './support/messages.ts';

describe('a command', () => {
  for (const [sent, args] of [
    ['{"on":true}', { on: true }],
    ['{"args":{"on":true}}', { on: true }],
    ['', {}],
    ['on', 'on'],
    ['21.5', 21.5],
    ['[1,2]', [1, 2]],
  ] as const) {
    it(`reaches its device as id and args when sent as ${sent || 'nothing'}`, async () => {
      await using hub = await startTestHub();
      const [ana, lamp] = await Promise.all([hub.client('ana'), hub.client('lamp-1')]);
      const commands = await follow(lamp, 'devices/lamp-1/commands/+');

      await ana.publishAsync('devices/lamp-1/commands/set', sent, { qos: 1 });

      const command = (await commands.next()).json();
      expect(command['args']).to.deep.equal(args);
      expect(command['id']).to.match(/^[0-9A-Z]{26}$/);
    });
  }

  it('keeps the id of its sender, and its reply comes back untouched', async () => {
    await using hub = await startTestHub();
    const [ana, lamp] = await Promise.all([hub.client('ana'), hub.client('lamp-1')]);
    const [commands, replies] = await Promise.all([
      follow(lamp, 'devices/lamp-1/commands/+'),
      follow(ana, 'devices/lamp-1/replies/+'),
    ]);

    await ana.publishAsync('devices/lamp-1/commands/set', '{"id":"mine-1","args":{"on":true}}', { qos: 1 });
    const { id } = (await commands.next()).json();
    await lamp.publishAsync(`devices/lamp-1/replies/${String(id)}`, '{"ok":true,"result":{"on":true}}', { qos: 1 });

    const reply = await replies.next();
    expect(reply.topic).to.equal('devices/lamp-1/replies/mine-1');
    expect(reply.text()).to.equal('{"ok":true,"result":{"on":true}}');
  });
});

describe('any other topic', () => {
  it('is plain MQTT: routed and retained untouched, binary-safe', async () => {
    await using hub = await startTestHub();
    const [ana, late] = await Promise.all([hub.client('ana'), hub.client('ben')]);
    const payload = Buffer.from([0, 255, 1, 128]);

    await ana.publishAsync('factory/line 1/Ventil', payload, { qos: 1, retain: true });
    const messages = await follow(late, 'factory/#');

    const { payload: received, packet } = await messages.next();
    expect(received.equals(payload)).to.equal(true);
    expect(packet.retain).to.equal(true);
  });
});
