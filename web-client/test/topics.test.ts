import { cbor, fromHex, senmlCbor } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { fieldsOf, seriesOf } from '../src/state/topics/fields.ts';
import { jsonDiff } from '../src/state/topics/json-diff.ts';
import { toJsonLines } from '../src/state/topics/json-lines.ts';
import { publicationOf } from '../src/state/topics/publication.ts';
import { rateWords } from '../src/state/topics/rate.ts';
import { rowsOf } from '../src/state/topics/rows.ts';
import { SavedPublishes } from '../src/state/topics/saved.ts';
import type { Saved } from '../src/state/topics/saved.ts';
import type { Seen } from '../src/state/topics/seen.ts';
import { most, previewOf, shownAs } from '../src/state/topics/shown.ts';
import { bounds, TopicTree } from '../src/state/topics/tree.ts';
import { choiceOf } from '../src/state/topics/view.ts';
import type { View } from '../src/state/topics/view.ts';
import { visible } from '../src/state/topics/visible.ts';
import { memory } from './support/memory.ts';

let key = 0;
function seen(topic: string, payload: string | Uint8Array = '', more: Partial<Seen> = {}): Seen {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return { topic, payload: bytes, qos: 0, retain: false, key: ++key, at: 1_800_000_000_000 + key, ...more };
}

function treeOf(messages: readonly Seen[]): TopicTree {
  const tree = new TopicTree();
  for (const one of messages) tree.add(one);
  return tree;
}

function textOf(one: Seen, view: View, before?: Seen): string {
  const shown = shownAs(one, view, before);
  if ('problem' in shown) return shown.problem;
  if ('lines' in shown) return shown.lines.map(({ mark, text }) => mark + text).join('\n');
  return 'table' in shown ? JSON.stringify(shown.table.rows) : shown.text;
}

const typed: Omit<Saved, 'name'> = {
  topic: 'a/b',
  payload: 'on',
  encoding: 'text',
  qos: 1,
  retain: false,
  contentType: '',
  responseTopic: '',
  expiry: '',
  user: [],
};

describe('the tree of topics', () => {
  it('counts messages and topics at every level, and knows the last and those before', () => {
    const [first, second] = [seen('a/b', '1'), seen('a/b', '2')];
    const tree = treeOf([first, second, seen('a/c'), seen('a'), seen('/x')]);

    expect(
      rowsOf(tree.root).map(({ node, depth }) => `${depth} ${node.path} ${node.messages} ${node.topics}`),
    ).to.deep.equal(['0  1 1', '1 /x 1 1', '0 a 4 3', '1 a/b 2 1', '1 a/c 1 1']);
    expect(tree.get('a/b')).to.include({ last: second, count: 2 });
    expect(tree.get('a/b')!.earlier).to.deep.equal([first]);
    expect(tree.messages().map(({ topic }) => topic)).to.deep.equal(['a/b', 'a/b', 'a/c', 'a', '/x']);
  });

  it('orders numbers as numbers, and takes any name', () => {
    const tree = treeOf(['lamp-10', 'lamp-2', '__proto__', 'constructor', 'Lamp-1'].map((name) => seen(name)));

    expect(rowsOf(tree.root).map(({ node }) => node.name)).to.deep.equal([
      '__proto__',
      'constructor',
      'Lamp-1',
      'lamp-2',
      'lamp-10',
    ]);
  });

  it('follows what is retained: kept, replaced, taken back', () => {
    const tree = treeOf([
      seen('a', 'x', { retain: true }),
      seen('a', 'live'),
      seen('b', 'x', { retain: true }),
      seen('b', '', { retain: true }),
      seen('c', 'x'),
    ]);

    expect(tree.retained('#')).to.deep.equal(['a']);
    expect(tree.retained('b/#')).to.deep.equal([]);
  });

  it('finds topics by part of their name, with what is above them', () => {
    const tree = treeOf([seen('plant/line 1/temp'), seen('plant/line 2/rpm'), seen('house/TEMP')]);
    tree.root.children[0]!.open = false;

    const found = rowsOf(tree.root, ' temp ').map(({ node }) => node.path);

    expect(found).to.deep.equal(['house', 'house/TEMP', 'plant', 'plant/line 1', 'plant/line 1/temp']);
  });

  it('forgets the topics longest quiet when there are too many, and their levels with them', () => {
    const many = Array.from({ length: bounds.topics + 10 }, (_, at) => seen(`t/${at}/x`));
    const tree = treeOf([...many.slice(0, 5), seen('stays'), ...many.slice(5), seen('t/0/x')]);

    expect(tree.size).to.equal(bounds.topics);
    expect(tree.forgotten).to.be.greaterThan(0);
    expect(tree.root.topics).to.equal(bounds.topics);
    expect(tree.root.child('t')!.children.length).to.equal(bounds.topics - (tree.get('stays') ? 1 : 0));
  });

  it('stays within its bytes and messages, whatever comes', () => {
    const big = new Uint8Array(1024 * 1024);
    const tree = treeOf(Array.from({ length: 200 }, (_, at) => seen(`big/${at % 50}`, big)));

    expect(tree.bytes).to.be.at.most(bounds.bytes);
    for (let at = 0; at < 50_000; at++) tree.add(seen(`small/${at % 7}`, 'x'));

    expect(tree.messages().length).to.be.at.most(bounds.topics + bounds.earlier);
    expect(tree.get('small/3')!.earlier.length).to.be.at.most(bounds.earlierOfOne);
    expect(tree.bytes).to.be.at.most(bounds.bytes);
  });

  it('knows the bytes it keeps, in any order of messages', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(300)), { maxLength: 400 }), (given) => {
        const tree = treeOf(given.map(([topic, size]) => seen(`t/${topic}`, new Uint8Array(size))));
        const kept = tree.messages().reduce((sum, one) => sum + one.payload.length + one.topic.length * 2 + 200, 0);
        expect(tree.bytes).to.equal(kept);
      }),
    );
  });

  it('has a rate that comes and fades', () => {
    const at = 1_800_000_000_000;
    const tree = treeOf(Array.from({ length: 1000 }, (_, index) => seen('a', 'x', { at: at + index * 100 })));
    const { rate } = tree.root;

    expect(rate.at(at + 100_000)).to.be.closeTo(10, 0.5);
    expect(rate.at(at + 160_000)).to.be.lessThan(0.01);
    expect([0.01, 0.32, 12.4].map(rateWords)).to.deep.equal(['', '0.3/s', '12/s']);
  });
});

describe('the view of a message', () => {
  const cases: [string, Seen, View, RegExp][] = [
    [
      'by content type',
      seen('x', '{}', { properties: { contentType: 'application/json; charset=utf-8' } }),
      'json',
      /application\/json/,
    ],
    ['by a vendor type', seen('x', '{}', { properties: { contentType: 'application/vnd.x+json' } }), 'json', /vnd/],
    ['of SenML', seen('x', '[]', { properties: { contentType: 'application/senml+json' } }), 'senml', /senml/],
    [
      'before the topic',
      seen('devices/d/telemetry', '', { properties: { contentType: 'text/plain' } }),
      'text',
      /text/,
    ],
    ['by Sparkplug topic', seen('spBv1.0/g/DDATA/n/d', '{}'), 'sparkplug', /Sparkplug/],
    ['by Parley topic', seen('devices/d/telemetry/cbor'), 'senml', /devices\/:device\/telemetry\/cbor/],
    ['by status topic', seen('devices/d/status', 'online'), 'text', /text\/plain/],
    ['by the format indicator', seen('x', '{}', { properties: { isText: true } }), 'text', /Indicator/],
    ['by its bytes, and says so', seen('x', ' {"a":1}'), 'json', /No Content Type.*reads as JSON/],
    ['as text otherwise', seen('x', '21.5'), 'text', /No Content Type.*UTF-8/],
    ['as hex when it is no text', seen('x', fromHex('80')), 'hex', /not UTF-8/],
    [
      'of an unknown type',
      seen('x', 'a', { properties: { contentType: 'application/x' } }),
      'text',
      /application\/x is not known/,
    ],
  ];

  for (const [name, one, view, why] of cases) {
    it(`is chosen ${name}`, () => {
      expect(choiceOf(one).view).to.equal(view);
      expect(choiceOf(one).why).to.match(why);
    });
  }

  it('shows text, JSON, hex, CBOR, SenML and Sparkplug', () => {
    expect(textOf(seen('x', '{"a":[1]}'), 'json')).to.equal('{\n  "a": [\n    1\n  ]\n}');
    expect(textOf(seen('x', fromHex('ff41')), 'hex')).to.equal(`0000  ff 41${' '.repeat(42)}  .A`);
    const item = new Map<string | number, unknown>([
      ['a', [1, fromHex('0102')]],
      [7, null],
    ]);
    expect(textOf(seen('x', cbor.encode(item as never)), 'cbor')).to.equal(
      '{\n  7: null,\n  "a": [\n    1,\n    h\'0102\'\n  ]\n}',
    );
    expect(textOf(seen('x', senmlCbor.encode([{ bn: 'd/', n: 't', u: 'Cel', v: 21 }])), 'senml')).to.match(
      /"d\/t","21","Cel"/,
    );
    expect(textOf(seen('x', '[{"n":"t","v":21}]'), 'senml')).to.match(/"t","21"/);
    expect(textOf(seen('x', fromHex('120e0a0174200a690000000000403540')), 'sparkplug')).to.match(
      /"t","21.25","Double"/,
    );
  });

  it('says what a payload is not, and shows no other view in its place', () => {
    expect(textOf(seen('x', '{"a"'), 'json')).to.match(/^Payload is not JSON.*Look at it as hex/s);
    expect(textOf(seen('x', fromHex('ff')), 'text')).to.match(/not valid UTF-8/);
    for (const view of ['cbor', 'senml', 'sparkplug', 'diff'] as const) {
      expect(textOf(seen('x', '{"a"'), view), view).to.match(/Look at it as hex/);
    }
  });

  it('cuts what is long until it is asked for whole', () => {
    const long = seen('x', 'a'.repeat(1024 * 1024));

    const shown = shownAs(long, 'text', undefined);

    expect(shown).to.include({ cut: true });
    expect(textOf(long, 'text')).to.have.length(most.characters);
    expect(shownAs(long, 'text', undefined, true)).to.include({ cut: false });
  });

  it('never fails, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const one = seen('x', bytes);
        for (const view of ['text', 'json', 'diff', 'hex', 'cbor', 'senml', 'sparkplug'] as const) {
          textOf(one, view, one);
          fieldsOf(one, view);
        }
        previewOf(bytes);
      }),
    );
    expect(textOf(seen('x', new Uint8Array(200_000).fill(0x81)), 'cbor')).to.match(/Look at it as hex/);
  });

  it('has no hidden characters', () => {
    expect(visible('a\u202eb\u0000\tc\nd')).to.equal('a\\u202eb\\u0000\tc\nd');
    expect(visible('👩‍👧 می‌خواهم')).to.equal('👩‍👧 می‌خواهم');
    expect(textOf(seen('x', '{"\u202e":1}'), 'json')).to.include('\\u202e');
    expect(previewOf(new TextEncoder().encode(`${'a'.repeat(199)}é`))).to.equal('a'.repeat(199));
  });
});

describe('the difference of two payloads', () => {
  it('has what changed beside what it was, and the rest once', () => {
    const lines = jsonDiff({ a: 1, b: [1, 2], gone: true }, { a: 1, b: [1, 3, 4], c: {} });

    expect(lines.map(({ mark, text }) => mark + text)).to.deep.equal([
      ' {',
      '   "a": 1,',
      '   "b": [',
      '     1,',
      '-    2,',
      '+    3,',
      '+    4',
      '   ],',
      '+  "c": {},',
      '-  "gone": true',
      ' }',
    ]);
  });

  it('is the payload alone when nothing changed, as it is printed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const lines = jsonDiff(value as never, value as never);
        expect(lines.every(({ mark }) => mark === ' ')).to.equal(true);
        expect(lines.map(({ text }) => text).join('\n')).to.equal(JSON.stringify(value, null, 2));
      }),
    );
  });
});

describe('numbers in payloads', () => {
  it('are found by their path, truths as 0 and 1', () => {
    const one = seen('x', '{"t":21.5,"deep":{"ok":true,"list":[1,"x"]},"s":"9"}');

    expect([...fieldsOf(one, 'json')]).to.deep.equal([
      ['t', 21.5],
      ['deep.ok', 1],
      ['deep.list[0]', 1],
    ]);
    expect([...fieldsOf(seen('x', ' -1.5e3 '), 'text')]).to.deep.equal([['value', -1500]]);
    expect(fieldsOf(seen('x', '21 °C'), 'text').size).to.equal(0);
    expect(fieldsOf(seen('x', `[${'1,'.repeat(999)}1]`), 'json').size).to.equal(50);
  });

  it('are a series over messages, those without one left out', () => {
    const messages = [seen('x', '{"t":1}'), seen('x', 'broken'), seen('x', '{"t":3}')];

    expect(seriesOf(messages, 'json', 't').map(({ value }) => value)).to.deep.equal([1, 3]);
  });
});

describe('publishing and keeping', () => {
  it('makes bytes and properties of what was typed, or says why not', () => {
    const made = publicationOf({
      ...typed,
      payload: '00 ff',
      encoding: 'hex',
      expiry: '60',
      user: [
        ['a', 'b'],
        ['', ''],
      ],
    });

    expect(made).to.deep.equal({
      topic: 'a/b',
      payload: new Uint8Array([0, 255]),
      qos: 1,
      retain: false,
      properties: { expirySeconds: 60, user: [['a', 'b']] },
    });
    expect(publicationOf({ ...typed, payload: 'AP8=', encoding: 'base64' }).payload).to.deep.equal(
      new Uint8Array([0, 255]),
    );
    for (const [wrong, why] of [
      [{ topic: 'a/+' }, /has no \+ or #/],
      [{ payload: '{', encoding: 'json' }, /not JSON/],
      [{ payload: '0', encoding: 'hex' }, /not hex/],
      [{ payload: '*', encoding: 'base64' }, /not base64/],
      [{ expiry: '-1' }, /whole number/],
      [{ responseTopic: '#' }, /response topic/],
    ] as [Partial<Saved>, RegExp][]) {
      expect(() => publicationOf({ ...typed, ...wrong })).to.throw(why);
    }
  });

  it('keeps buttons over a reload, one of a name, and drops a shelf that is none', () => {
    const shelf = memory();
    const saved = new SavedPublishes(shelf);

    saved.save({ ...typed, name: 'on' });
    saved.save({ ...typed, name: 'on', payload: 'off' });
    saved.save({ ...typed, name: 'other' });
    saved.remove('other');

    expect(new SavedPublishes(shelf).all).to.deep.equal([{ ...typed, name: 'on', payload: 'off' }]);
    shelf.setItem('parley:publishes', '[{"name":7}]');
    expect(new SavedPublishes(shelf).all).to.deep.equal([]);
    for (let at = 0; at < 60; at++) saved.save({ ...typed, name: `b${at}` });
    expect(saved.all.length).to.equal(50);
  });

  it('exports JSON Lines, bytes as hex', () => {
    const lines = toJsonLines([
      seen('a', 'x\ny', {
        at: 0,
        retain: true,
        properties: { contentType: 'text/plain', correlationData: new Uint8Array([1]) },
      }),
      seen('b', fromHex('ff'), { at: 1 }),
    ]).split('\n');

    expect(lines.slice(0, 2).map((line) => JSON.parse(line) as unknown)).to.deep.equal([
      {
        at: '1970-01-01T00:00:00.000Z',
        topic: 'a',
        qos: 0,
        retain: true,
        payload: 'x\ny',
        properties: { contentType: 'text/plain', correlationDataHex: '01' },
      },
      { at: '1970-01-01T00:00:00.001Z', topic: 'b', qos: 0, retain: false, payloadHex: 'ff' },
    ]);
    expect(lines[2]).to.equal('');
  });
});
