import { expect } from 'chai';
import { behaviours } from '../src/behaviours/all.ts';
import type { Results } from '../src/results/results.ts';
import { startRun } from '../src/run.ts';
import type { RunOptions } from '../src/run.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { startTestHub } from './support/hub.ts';

const start = Date.UTC(2026, 10, 21, 18);

async function run(yaml: string, options: Pick<RunOptions, 'urlOf'> & Partial<RunOptions>): Promise<Results> {
  const scenario = parseScenario(yaml, 'x.yaml');
  const used = scenario.groups.map(({ behaviour }) => behaviours[behaviour as 'lamp']);
  const fixed = { name: 'x', seed: 1, start, speed: Infinity, signal: new AbortController().signal };
  const running = await startRun({ ...fixed, scenario, behaviours: used, ...options });
  return running.results;
}

const mixed = `
for: 60s
groups:
  - {name: 'm-{n}', behaviour: machine, count: 10, interval: 2s, jitter: 0.2, qos: 1, protocol: 5}
  - {name: 'b-{n}', behaviour: battery, count: 10, interval: 2s, codec: senml+cbor, qos: 2, protocol: 5, session: kept,
     faults: [{kind: drop, probability: 0.02}]}
  - {name: 't-{n}', behaviour: tracker, count: 10, interval: 2s, codec: text, transport: ws, rampUp: 10s,
     schedule: {from: 5s, until: 50s}, faults: [{kind: latency, delay: 100ms, spread: 50ms}]}
expectations: {connected: 100%, lost: 0, duplicated: 0, disordered: 0, errors: 0}
`;

const told = ({ digest, taken }: Results) => ({ digest, taken });

describe('a run', function () {
  this.timeout(40_000);

  it('delivers everything once and in order through drops, in every codec and at every QoS', async () => {
    await using hub = await startTestHub();

    const results = await run(mixed, { urlOf: hub.urlOf });

    expect(results.expectations.filter(({ passed }) => !passed)).to.deep.equal([]);
    expect(results.passed).to.equal(true);
    expect(results.faults).to.have.property('drop').that.is.above(0);
    expect(results.readings!.delivered).to.equal(results.taken - results.unsent);
  });

  it('is the same again with its seed at any speed, and another one with another seed', async () => {
    await using hub = await startTestHub();
    const short = mixed.replace('for: 60s', 'for: 8s');

    const fast = await run(short, { urlOf: hub.urlOf });
    const again = await run(short, { urlOf: hub.urlOf });
    const slower = await run(short, { urlOf: hub.urlOf, speed: 5 });
    const other = await run(short, { urlOf: hub.urlOf, seed: 2 });

    expect(told(again)).to.deep.equal(told(fast));
    expect(told(slower)).to.deep.equal(told(fast));
    expect(other.digest).not.to.equal(fast.digest);
  });

  it('stops after its count of readings exactly', async () => {
    await using hub = await startTestHub();

    const results = await run('readings: 137\ngroups: [{name: "l-{n}", behaviour: lamp, count: 7, interval: 1s}]', {
      urlOf: hub.urlOf,
    });

    expect(results.taken).to.equal(137);
  });

  it('fails when a fault breaks what is expected', async () => {
    await using hub = await startTestHub();

    const results = await run(
      `for: 30s
settle: 1s
groups:
  - {name: 'a-{n}', behaviour: thermostat, count: 5, interval: 1s, qos: 1, faults: [{kind: duplicate}]}
  - {name: 'b-{n}', behaviour: thermostat, count: 5, interval: 1s, qos: 1, faults: [{kind: reorder}]}
  - {name: 'c-{n}', behaviour: thermostat, count: 5, interval: 1s, qos: 0, faults: [{kind: silence, at: 1s, lasts: 10s}]}
expectations: {lost: 0, duplicated: 0, disordered: 0, connected: 16}`,
      { urlOf: hub.urlOf },
    );

    expect(results.expectations.map(({ name, passed }) => [name, passed])).to.deep.equal([
      ['connected', false],
      ['lost', false],
      ['duplicated', false],
      ['disordered', false],
    ]);
    expect(results.passed).to.equal(false);
  });

  it('sends its commands and counts the answers', async () => {
    await using hub = await startTestHub();

    const results = await run(
      `for: 20s
groups:
  - {name: 'l-{n}', behaviour: lamp, count: 5, interval: 1s, commands: [
      {command: scene, args: {name: film}, every: 2s}, {command: scene, args: {name: disco}, every: 5s}]}
expectations: {commands: 60%}`,
      { urlOf: hub.urlOf, speed: 10 },
    );

    const { sent, answered, failed, unanswered } = results.commands!;
    expect({ answered, failed, unanswered }).to.deep.equal({
      answered: sent - failed,
      failed: 4 - (sent < 13 ? 1 : 0),
      unanswered: 0,
    });
    expect(results.passed).to.equal(true);
  });

  it('ends at once when it is told to, and judges what it has', async () => {
    await using hub = await startTestHub();
    const stop = new AbortController();
    const yaml = 'groups: [{name: l, behaviour: lamp, interval: 1s}]\nexpectations: {connected: 2}';
    const ended = run(yaml, { urlOf: hub.urlOf, speed: 1, signal: stop.signal });

    stop.abort();

    expect((await ended).passed).to.equal(false);
  });

  it('leaves no session of the observer at the hub', async () => {
    await using hub = await startTestHub();

    await run('for: 1s\ngroups: [{name: l, behaviour: lamp, interval: 100ms}]\nexpectations: {lost: 0}', {
      urlOf: hub.urlOf,
    });

    const metrics = await (await fetch(`${hub.http}/metrics`)).text();
    expect(metrics).to.match(/_sessions_offline(\{[^}]*\})? 0$/m);
  });
});
