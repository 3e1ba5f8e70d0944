import { normaliseCommand, topics } from '@parley/shared';
import type { Json, Reply } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex, refusal, utf8 } from '../support.ts';

function normalise(source: string): unknown {
  return normaliseCommand(utf8(source), () => 'made');
}

describe('a command as every device receives it', () => {
  const cases: [string, Json][] = [
    ['', { id: 'made', args: {} }],
    ['on', { id: 'made', args: 'on' }],
    ['42', { id: 'made', args: 42 }],
    ['null', { id: 'made', args: null }],
    ['[1,2]', { id: 'made', args: [1, 2] }],
    ['{}', { id: 'made', args: {} }],
    ['{"level":5}', { id: 'made', args: { level: 5 } }],
    ['{"id":"c1","level":5}', { id: 'c1', args: { level: 5 } }],
    ['{"args":{"level":5}}', { id: 'made', args: { level: 5 } }],
    ['{"id":"c1","args":null}', { id: 'c1', args: null }],
    ['{"id":"c1","args":5,"more":true}', { id: 'c1', args: 5 }],
  ];

  for (const [source, expected] of cases) {
    it(`${JSON.stringify(source)} is ${JSON.stringify(expected)}`, () => {
      expect(normalise(source)).to.deep.equal(expected);
    });
  }

  it('is refused with an id that is no level of a topic', () => {
    for (const id of [1, '', 'a/b', '+', '#', 'x'.repeat(129), null, {}]) {
      expect(refusal(() => normalise(JSON.stringify({ id }))).message, JSON.stringify(id)).to.match(
        /^command is not valid at id/,
      );
    }
  });

  it('is refused when it is not UTF-8 or nested too deeply', () => {
    expect(refusal(() => normaliseCommand(fromHex('ff'), () => 'made')).code).to.equal('payload-invalid');
    expect(refusal(() => normalise('['.repeat(50_000) + ']'.repeat(50_000))).code).to.equal('payload-invalid');
  });

  it('is what its codec takes, whatever was published, and normalising it again changes nothing', () => {
    const payload = fc.oneof(
      fc.json(),
      fc.string({ unit: 'grapheme' }),
      fc.json().map((args) => `{"args":${args}}`),
    );

    fc.assert(
      fc.property(payload, (source) => {
        decodesOrRefuses(() => {
          const command = normaliseCommand(utf8(source), () => 'made');
          const again = normaliseCommand(topics.command.codec.encode(command), () => 'other');

          expect(again).to.deep.equal(JSON.parse(JSON.stringify(command)));
        });
      }),
    );
  });

  it('is a command or a refusal for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decodesOrRefuses(() => normaliseCommand(bytes, () => 'made'))));
  });
});

describe('what a device publishes', () => {
  it('is online or offline', () => {
    const { codec } = topics.deviceStatus;

    expect(codec.decode(codec.encode('online'))).to.equal('online');
    expect(codec.decode(utf8('offline'))).to.equal('offline');
    expect(refusal(() => codec.decode(utf8('Online'))).message).to.match(/neither online nor offline/);
  });

  it('says what it is, what it measures and what it can do', () => {
    const { codec } = topics.deviceAbout;
    const about = {
      model: 'Lamp 2',
      metrics: { power: { unit: 'W', min: 0, max: 12, class: 'power' }, on: {} },
      commands: { set: { args: { type: 'object', properties: { level: { minimum: 0 } } } }, reset: {} },
    };

    expect(codec.decode(codec.encode(about))).to.deep.equal(about);
    expect(refusal(() => codec.encode({ ...about, metrics: { a: 3 as never } })).message).to.equal(
      'about is not valid at metrics.a: expected object',
    );
    expect(refusal(() => codec.decode(utf8('{"metrics":{},"commands":{}}'))).message).to.match(
      /at model: expected string/,
    );
  });

  it('hides a command or metric that is malformed, says which and why, and keeps all others', () => {
    const { codec } = topics.deviceAbout;
    const commands = { set: { args: { type: 'object' } }, bad: { args: 5 }, worse: 'x', __proto__: { args: {} } };

    const read = codec.decode(utf8(JSON.stringify({ model: 'x', metrics: { a: 3, b: { unit: 'W' } }, commands })));

    expect(read).to.deep.equal({
      model: 'x',
      metrics: { b: { unit: 'W' } },
      commands: { set: { args: { type: 'object' } } },
      hidden: {
        'metrics.a': 'metrics.a is not valid: expected object',
        'commands.bad': 'commands.bad is not valid at args: expected a JSON object of at most 100 levels',
        'commands.worse': 'commands.worse is not valid: expected object',
      },
    });
    expect(codec.encode(read)).to.deep.equal(codec.encode({ ...read, hidden: {} }));
  });

  it('answers with a result, an error or progress', () => {
    const { codec } = topics.reply;
    const replies: Reply[] = [{ ok: true }, { ok: true, result: [1] }, { ok: false, error: 'no' }, { progress: 0.5 }];

    for (const reply of replies) expect(codec.decode(codec.encode(reply))).to.deep.equal(reply);
  });

  it('is told what is wrong with an answer', () => {
    const { codec } = topics.reply;
    const message = (source: string): string => refusal(() => codec.decode(utf8(source))).message;

    expect(message('{"progress":2}')).to.equal('reply is not valid at progress: expected at most 1');
    expect(message('{"ok":"yes"}')).to.equal(
      'reply is not valid: fits no form of it (at ok: expected true; at ok: expected false; at progress: expected number)',
    );
  });

  it('requests with an id and whatever the matching GET takes', () => {
    const { codec } = topics.request;

    expect(codec.decode(utf8('{"id":"r1","channel":"general"}'))).to.deep.equal({ id: 'r1', channel: 'general' });
    expect(refusal(() => codec.decode(utf8('[]'))).code).to.equal('payload-invalid');
  });
});
