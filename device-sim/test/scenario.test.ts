import { expect } from 'chai';
import { ParleyError } from '@parley/shared';
import { behaviours } from '../src/behaviours/all.ts';
import { devicesOf } from '../src/fleet.ts';
import { listScenarios, loadScenario, parseScenario } from '../src/scenario/load.ts';
import type { Scenario } from '../src/scenario/schema.ts';

/** One good group, with the given lines in place of or added to its own. */
function scenario(...lines: string[]): string {
  return ['groups:', '  - name: lamp-{n}', '    behaviour: lamp', '    interval: 2s', ...lines].join('\n');
}

const mistakes: Readonly<Record<string, readonly [source: string, message: string]>> = {
  'an unknown key': [
    scenario('    colour: red'),
    'my.yaml:5:5: groups[0]: unknown key colour; known are name, behaviour, count',
  ],
  'an unknown behaviour': [
    'groups:\n  - name: a\n    behaviour: kettle\n    interval: 1s',
    'my.yaml:3:16: groups[0].behaviour: expected thermostat, lamp, meter, door, tracker',
  ],
  'a duration without a unit': [
    'groups:\n  - name: a\n    behaviour: lamp\n    interval: "2"',
    'my.yaml:4:15: groups[0].interval: expected a duration from 10ms up, such as 500ms, 2s or 1m',
  ],
  'a missing interval': ['groups:\n  - name: a\n    behaviour: lamp', 'my.yaml:2:5: groups[0].interval: is missing'],
  'a count that is no whole number': [
    scenario('    count: 1.5'),
    'my.yaml:5:12: groups[0].count: expected a whole number',
  ],
  'a count of nothing': [scenario('    count: 0'), 'my.yaml:5:12: groups[0].count: expected at least 1'],
  'a jitter beyond the interval': [scenario('    jitter: 2'), 'my.yaml:5:13: groups[0].jitter: expected at most 1'],
  'a QoS that MQTT does not have': [scenario('    qos: 3'), 'my.yaml:5:10: groups[0].qos: expected 0, 1, 2'],
  'a transport that is not there': [
    scenario('    transport: udp'),
    'my.yaml:5:16: groups[0].transport: expected tcp, tls, ws, wss',
  ],
  'several devices of one name': [
    'groups:\n  - {name: lamp, behaviour: lamp, interval: 1s, count: 2}',
    'my.yaml:2:12: groups[0].name: a name for more than one device needs {n}',
  ],
  'a name that is not valid': [
    'groups:\n  - {name: Lamp, behaviour: lamp, interval: 1s}',
    'my.yaml:2:12: groups[0].name: "Lamp" is not 1 to 64 of a-z 0-9 _ -, starting with a letter or digit',
  ],
  'a name that two groups give': [
    `${scenario()}\n  - name: lamp-1\n    behaviour: lamp\n    interval: 1s`,
    'my.yaml:5:11: groups[1].name: lamp-1 is the name of another device already',
  ],
  'no groups': ['groups: []', 'my.yaml:1:9: groups: expected at least 1 in the list'],
  'a list where a map belongs': ['- 1', 'my.yaml:1:1: expected a map'],
  'an empty file': ['', 'my.yaml:1:1: expected a map'],
  'YAML that does not parse': ['groups:\n  - name: "a', 'my.yaml:2:13: Missing closing "quote'],
  'a key given twice': ['groups: []\ngroups: []', 'my.yaml:2:1: Map keys must be unique'],
  'an alias of nothing': ['groups: *none', 'my.yaml:1:9: there is no anchor &none before this'],
};

describe('scenarios', () => {
  for (const [mistake, [source, message]] of Object.entries(mistakes)) {
    it(`name line and column of ${mistake}`, () => {
      expect(() => parseScenario(source, 'my.yaml'))
        .to.throw(ParleyError, message)
        .with.property('code', 'scenario-invalid');
    });
  }

  it('refuse aliases that would grow without end', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1,1]',
      ...'bcdefgh'.split('').map((name, index) => {
        const previous = `*${'abcdefgh'[index]}`;
        return `${name}: &${name} [${Array(10).fill(previous).join(',')}]`;
      }),
    ].join('\n');

    const parse = (): unknown => parseScenario(bomb, 'my.yaml');

    expect(parse).to.throw(ParleyError, 'my.yaml:1:1');
  });

  it('need only name, behaviour and interval', () => {
    const devices = devicesIn(parseScenario('groups: [{name: a, behaviour: lamp, interval: 1s}]', 'my.yaml'));

    expect(devices).to.have.length(1);
    expect(devices[0]).to.include({ name: 'a', intervalMs: 1000, transport: 'tcp', codec: 'json', jitter: 0, qos: 0 });
  });

  it('are taken by the path of a file, or by the name of a ready one', async () => {
    const path = new URL('../scenarios/home.yaml', import.meta.url).pathname;

    const [byPath, byName] = await Promise.all([loadScenario(path), loadScenario('home')]);

    expect(byPath).to.deep.equal(byName);
  });

  it('that are not there are named, with those that are', async () => {
    const error: unknown = await loadScenario('castle').catch((reason: unknown) => reason);

    expect(error)
      .to.be.instanceOf(ParleyError)
      .with.property('message')
      .that.matches(/"castle": ready ones are .*home/);
  });

  it('list themselves with one line each', async () => {
    const listed = await listScenarios();

    expect(listed.map(({ name }) => name)).to.include('home');
    for (const { description } of listed) expect(description).to.match(/^[^\n]{10,100}$/);
  });

  it('make a home of 12 devices of 4 kinds, over both transports, in every codec', async () => {
    const devices = devicesIn((await loadScenario('home')).scenario);

    const kinds = countBy(devices.map(({ behaviour }) => behaviour.about.model));
    expect(kinds).to.deep.equal({ 'Parley Thermostat': 3, 'Parley Lamp': 4, 'Parley Meter': 2, 'Parley Door': 3 });
    expect(countBy(devices.map(({ transport }) => transport))).to.deep.equal({ tcp: 6, ws: 6 });
    expect(new Set(devices.map(({ codec }) => codec))).to.have.all.keys('json', 'senml+json', 'senml+cbor');
    expect(devices.map(({ name }) => name)).to.include('lamp-1');
  });
});

function devicesIn(parsed: Scenario) {
  const used = parsed.groups.map(({ behaviour }) => behaviours[behaviour as 'lamp']);
  return devicesOf(parsed, used);
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
