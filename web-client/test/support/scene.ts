import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ulid } from 'ulid';
import type { TestHub } from '../../../broker/test/support/hub.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** People and devices who talk, for pictures of the page. Everyone stays until the hub closes. */
export async function playScene(hub: TestHub): Promise<AsyncDisposable> {
  const home = spawn(
    process.execPath,
    `--import tsx --conditions=@parley/source device-sim/src/main.ts run home --seed 7 --url ${hub.mqttUrl} --url ${hub.wsUrl}`.split(
      ' ',
    ),
    { cwd: root, stdio: 'ignore' },
  );
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo-lindqvist'].map((name) => hub.client(name)));
  const say = (who: typeof ana, channel: string, draft: object): Promise<unknown> =>
    who!.publishAsync(`chat/${channel}`, JSON.stringify(draft), { qos: 1 });
  const [question, answer] = [ulid(), ulid()];
  await say(ana, 'workshop', { kind: 'text', text: 'The new lamp driver is on the bench, 24 V rail is stable.' });
  await say(ben, 'energy', { kind: 'text', text: 'Tariff changes on the first of the month.' });
  await say(ana, 'general', {
    kind: 'text',
    text: 'Morning. The hall thermostat moved to the new firmware last night.',
  });
  await say(ana, 'general', { kind: 'text', id: question, text: 'Can someone check that it still answers commands?' });
  const door = await hub.client('door-1');
  await say(ben, 'general', {
    kind: 'text',
    id: answer,
    replyTo: question,
    text: 'Set it to 21 from the devices page, it replied in 40 ms. Readings look right too: http://hub.local:8080/d/thermostat-1',
  });
  await say(ana, 'general', { kind: 'reaction', target: answer, text: '✓' });
  await say(cleo, 'general', { kind: 'reaction', target: answer, text: '✓' });
  await say(door, 'general', { kind: 'notice', text: 'Front door has been open for ten minutes.' });
  await say(cleo, 'general', { kind: 'text', text: 'That was me carrying boxes in. Closed now.' });
  await say(door, 'general', { open: false, locked: true, battery: 87 });
  await say(ben, 'general', {
    kind: 'text',
    text: 'Good. Then the only thing left for today is the meter in the cellar:\n• swap the optical head\n• compare one hour of readings with the display',
  });
  return {
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => home.once('close', resolve));
      home.kill('SIGINT');
      await gone;
    },
  };
}
