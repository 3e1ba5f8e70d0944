import { expect } from 'chai';
import type { Entry } from '@parley/shared';
import { parseScenario } from '../src/scenario/load.ts';
import { startScenario } from './support/fleet.ts';
import { startTestHub } from './support/hub.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { until } from './support/until.ts';
import { watch } from './support/watcher.ts';

const scenario = parseScenario(
  `groups:
  - {name: chatty, behaviour: chatter, interval: 1h, channel: general}
  - {name: lamp-1, behaviour: lamp, interval: 1h, channel: general}`,
  'talk.yaml',
);

/** The texts of a channel's log, once there are so many. */
function texts(log: () => Promise<Entry[]>, count: number): () => Promise<string[] | undefined> {
  return async () => {
    const entries = await log();
    return entries.length >= count ? entries.map(({ from, text }) => `${from}: ${text}`) : undefined;
  };
}

async function eventually(ask: () => Promise<string[] | undefined>): Promise<string[]> {
  let answer: string[] | undefined;
  await until('the answers', () => {
    void ask().then((said) => (answer = said));
    return answer !== undefined;
  });
  return answer!;
}

describe('devices in a channel', function () {
  this.timeout(60_000);

  it('answer when they are mentioned, with their readings when they are asked for them, and then are quiet', async () => {
    await using hub = await startTestHub();
    const fleet = await startScenario('', { scenario, urlOf: hub.urlOf });
    await until('both are up', () => fleet.counts().up === 2);
    const person = await hub.watch();

    await person.publish('chat/general', 'hello @chatty');
    await person.publish('chat/general', 'your readings please, @lamp-1');
    await person.publish('chat/general', 'chatty and lamp-1 are nice, mail me at a@lamp-12.example');
    const said = await eventually(texts(() => hub.log(), 5));

    expect(said.find((one) => one.startsWith('chatty: watcher: '))).to.include('ask me for my readings');
    expect(said.find((one) => one.startsWith('lamp-1: watcher: '))).to.match(
      /on (true|false), brightness \d+ %, power/,
    );
    expect(said).to.have.length(5);
    await fleet.stop();
  });

  it('say what they are told to, and cannot wake another device with it', async () => {
    await using hub = await startTestHub();
    const fleet = await startScenario('', { scenario, urlOf: hub.urlOf });
    await until('both are up', () => fleet.counts().up === 2);
    const person = await hub.watch('devices/#');

    const reply = await person.command('chatty', 'say', { text: 'hello @lamp-1' }, 's');
    await person.publish('chat/general', 'the end');
    const said = await eventually(texts(() => hub.log(), 2));

    expect(reply).to.have.property('ok', true);
    expect(said).to.include('chatty: hello ＠lamp-1');
    expect(said.some((one) => one.startsWith('lamp-1'))).to.equal(false);
    await fleet.stop();
  });

  it('do so on another broker, too, and do not hear themselves', async () => {
    await using broker = await startMosquitto();
    await using person = await watch(broker.url, 'chat/#');
    const fleet = await startScenario('', { scenario, urlOf: () => broker.url });
    await until('both are up', () => fleet.counts().up === 2);

    await person.publish('chat/general', '{"text":"@chatty how are you?","from":"ana"}');
    const answer = await until('an answer', () => person.seen[1]);

    expect(JSON.parse(answer.payload.toString()))
      .to.have.property('text')
      .that.matches(/^ana: mood \d+ %, said \d+$/);
    await fleet.stop();
    expect(person.seen).to.have.length(2);
  });
});
