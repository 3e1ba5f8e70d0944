import { expect } from 'chai';
import { toForm, isImmediate } from '../src/elements/command/schema.ts';
import type { Json } from '@parley/shared';
import { isToldEnough, replyWords } from '../src/elements/command/reply.ts';
import { simulatorLine } from '../src/elements/lines.ts';
import type { HubFacts } from '../src/link/api.ts';
import type { Sent } from '../src/state/device.ts';
import { arrivalWords } from '../src/elements/timeline/arrivals.ts';
import { bytesOf, dayOf, hueOf, initialsOf, labelOf, shortValueOf, unitOf, valueOf } from '../src/elements/words.ts';
import { readName, rememberedName, rememberName, suggestName } from '../src/state/me.ts';
import { formatRoute, parseRoute } from '../src/state/route.ts';
import { memory } from './support/memory.ts';

const arrival = (name: string, came: boolean) => ({ name, came, at: 1 });

describe('the line that starts the simulated home', () => {
  it('names where each transport connects, unless that is the default', () => {
    const [here, there] = ['http://127.0.0.1:8080/hub', 'https://hub.local/hub'].map(
      (href) => new URL(href) as unknown as Location,
    );

    expect(simulatorLine(here!, undefined)).to.equal('npx parley-sim run home');
    expect(simulatorLine(there!, { mqttPort: 1884 } as HubFacts)).to.equal(
      'npx parley-sim run home --url mqtt://hub.local:1884 --url wss://hub.local/mqtt',
    );
  });
});

describe('routes', () => {
  it('have an address each, and come back from it', () => {
    const routes = [
      { area: 'chat' },
      { area: 'chat', place: 'general' },
      { area: 'chat', place: 'general', at: 421 },
      { area: 'chat', place: 'dm/ben' },
      { area: 'devices' },
      { area: 'devices', device: 'lamp-1' },
      { area: 'topics' },
      { area: 'topics', filter: 'devices/#' },
      { area: 'hub' },
    ] as const;

    for (const route of routes) {
      const { pathname, search } = new URL(formatRoute(route), 'http://hub.local');
      expect(parseRoute(pathname, search)).to.deep.equal(route);
    }
    expect(formatRoute({ area: 'topics', filter: 'devices/#' })).to.equal('/t?filter=devices%2F%23');
  });

  it('lead to a list when the name is none', () => {
    expect(parseRoute('/')).to.deep.equal({ area: 'chat' });
    expect(parseRoute('/c/No%20Name')).to.deep.equal({ area: 'chat' });
    expect(parseRoute('/dm/')).to.deep.equal({ area: 'chat' });
    expect(parseRoute('/c/general', '?at=-1')).to.deep.equal({ area: 'chat', place: 'general' });
    expect(parseRoute('/d/%ff')).to.deep.equal({ area: 'devices' });
    expect(parseRoute('/somewhere/else')).to.deep.equal({ area: 'chat' });
  });
});

describe('names at the door', () => {
  it('are lower-cased, or said what is wrong with', () => {
    expect(readName('  Ana_1 ')).to.deep.equal({ name: 'ana_1' });
    for (const typed of ['', '-ana', 'ana maria', 'änne', 'a'.repeat(65), '__proto__x']) {
      expect(readName(typed), typed).to.have.property('problem');
    }
  });

  it('are remembered, and a remembered one that is none is not used', () => {
    const kept = memory();

    rememberName(kept, 'ana');
    expect(rememberedName(kept)).to.equal('ana');
    kept.setItem('parley:name', '<b>');
    expect(rememberedName(kept)).to.equal(undefined);
    rememberName(kept, undefined);

    expect(rememberedName(kept)).to.equal(undefined);
    expect(readName(suggestName(() => 0.999))).to.have.property('name');
  });
});

describe('forms of commands', () => {
  it('follow the schema', () => {
    const form = toForm(
      {
        type: 'object',
        properties: {
          on: { type: 'boolean' },
          level: { type: 'integer', minimum: 0, maximum: 10 },
          exact: { type: 'number', minimum: 0, maximum: 1e9, multipleOf: 0.001 },
          mode: { enum: ['a', 'b'] },
          text: { type: 'string', title: 'Words' },
        },
        required: ['text'],
      },
      labelOf,
    );

    expect(form.fields.map(({ type, label }) => `${label}: ${type}`)).to.deep.equal([
      'On: switch',
      'Level: slider',
      'Exact: number',
      'Mode: select',
      'Words: text',
    ]);
    expect(isImmediate(form)).to.equal(false);
  });

  it('act at once when every control can be set alone', () => {
    const on = { on: { type: 'boolean' } };
    const both = { ...on, level: { type: 'number', minimum: 0, maximum: 1 } };

    expect(isImmediate(toForm({ type: 'object', properties: on, required: ['on'] }, labelOf))).to.equal(true);
    expect(isImmediate(toForm({ type: 'object', properties: both }, labelOf))).to.equal(true);
    expect(isImmediate(toForm({ type: 'object', properties: both, required: ['on'] }, labelOf))).to.equal(false);
    expect(isImmediate(toForm(undefined, labelOf))).to.equal(false);
  });

  it('send a bare value for a schema that is none of an object', () => {
    expect(toForm({ type: 'boolean' }, labelOf)).to.deep.include({ bare: true });
    expect(toForm({}, labelOf)).to.deep.equal({ fields: [], bare: false });
  });

  it('say what the device answered, in words and for a while', () => {
    const sent = { id: '1', command: 'set', args: {}, at: 0 };
    const told = (more: Partial<Sent>, now = 1000) => replyWords({ ...sent, ...more }, now).text;
    const done = (result: Json) => told({ reply: { ok: true, result }, repliedAt: 900 });

    expect(told({})).to.match(/Waiting/);
    expect(told({}, 40_000)).to.match(/has not answered/);
    expect(replyWords({ ...sent, reply: { progress: 0.256 } }, 1)).to.include({
      text: 'Working, 26 %',
      progress: 0.256,
    });
    expect(done(21)).to.equal('Done: 21');
    expect(done(true)).to.equal('Done');
    expect(done({ on: false, brightness: 80, deep: { a: 1 }, list: [1, 2], none: null })).to.equal(
      'Done: off, brightness 80, deep 1 value, list 2 values, none none',
    );
    expect(
      [1000, 60_000].map((now) => isToldEnough({ ...sent, reply: { ok: true }, repliedAt: 900 }, now)),
    ).to.deep.equal([false, true]);
    expect(isToldEnough({ ...sent, reply: { ok: false, error: 'no' } }, 60_000)).to.equal(false);
    expect(told({ reply: { ok: false, error: 'no' } }, 60_000)).to.equal('The device refused: no');
    expect(told({ problem: 'Offline.' })).to.equal('Not sent. Offline.');
  });
});

describe('words', () => {
  it('name days, units, values and keys as people do', () => {
    const now = new Date(2027, 0, 15, 12).getTime();

    expect(dayOf(now, now)).to.equal('Today');
    expect(dayOf(now - 86_400_000, now)).to.equal('Yesterday');
    expect(unitOf('Cel')).to.equal('°C');
    expect(unitOf('constructor')).to.equal('constructor');
    expect([valueOf(true, 'on'), valueOf(false, 'open'), valueOf(21.456)]).to.deep.equal(['on', 'no', '21.46']);
    expect([shortValueOf(12_345_678), shortValueOf(1e300), shortValueOf(21.456), shortValueOf(0)]).to.deep.equal([
      '12.35M',
      '1e+300',
      '21.46',
      '0',
    ]);
    expect(labelOf('set_targetTemperature')).to.equal('Set target temperature');
    expect(bytesOf(1)).to.equal('1 byte');
  });

  it('give every name initials and a hue', () => {
    expect([initialsOf('ana'), initialsOf('cleo-lindqvist'), initialsOf('7')]).to.deep.equal(['AN', 'CL', '7']);
    expect(hueOf('ana')).to.equal(hueOf('ana')).and.not.equal(hueOf('ben'));
  });

  it('tell a run of comings and goings by what each did last', () => {
    expect(arrivalWords([arrival('ana', true), arrival('ben', true), arrival('ana', false)])).to.equal(
      'ben joined, ana left',
    );
    expect(arrivalWords(['a', 'b', 'c', 'd', 'e'].map((name) => arrival(name, true)))).to.equal(
      'a, b, c and 2 others joined',
    );
  });
});
