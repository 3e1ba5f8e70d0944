import { errorKinds, isFilter, isTopic, matches, ownErrors, topics } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { refusal } from '../support.ts';

const rows = Object.entries(topics);

/** Any row as one that takes and gives plain records: the tests go through all of them. */
interface AnyTopic {
  readonly pattern: string;
  build(params: Record<string, string>): string;
  parse(name: string): Record<string, string> | undefined;
  filter(params?: Record<string, string>): string;
}

function anyTopic(row: (typeof rows)[number][1]): AnyTopic {
  return row;
}

function paramsOf(pattern: string): string[] {
  return pattern.split('/').flatMap((level) => (level.startsWith(':') ? [level.slice(1)] : []));
}

const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/);

/** Level values that every row takes: names; direct messages want theirs in order. */
function paramSets(pattern: string): fc.Arbitrary<Record<string, string>> {
  const names = paramsOf(pattern);
  return fc
    .array(name, { minLength: names.length, maxLength: names.length })
    .map((values) => (pattern.startsWith('dm/') ? values.toSorted() : values))
    .map((values) => Object.fromEntries(names.map((key, index) => [key, values[index]!])));
}

describe('the topic table', () => {
  for (const [key, row] of rows) {
    const topic = anyTopic(row);

    describe(`${key}: ${topic.pattern}`, () => {
      it('parses what it builds, and its filters match it', () => {
        fc.assert(
          fc.property(paramSets(topic.pattern), (params) => {
            const built = topic.build(params);

            expect(isTopic(built)).to.equal(true);
            expect(topic.parse(built)).to.deep.equal(params);
            for (const filter of [topic.filter(), topic.filter(params)]) expect(matches(filter, built)).to.equal(true);
          }),
          { numRuns: 30 },
        );
      });

      it('has a filter with + for every level that is not given', () => {
        expect(isFilter(topic.filter())).to.equal(true);
        expect(topic.filter()).to.equal(topic.pattern.replaceAll(/:\w+/g, '+'));
      });

      it('refuses a level with a slash, a wildcard, nothing or NUL in it, with a code', () => {
        const [first] = paramsOf(topic.pattern);
        const good = Object.fromEntries(paramsOf(topic.pattern).map((param) => [param, 'a']));

        for (const bad of ['a/b', '+', '#', '', 'a\0']) {
          expect(refusal(() => topic.build({ ...good, [first!]: bad })).code).to.equal('name-invalid');
          expect(refusal(() => topic.filter({ [first!]: bad })).code).to.equal('name-invalid');
        }
        expect(refusal(() => topic.build({})).code).to.equal('name-invalid');
      });

      it('parses no name of another shape', () => {
        const built = topic.build(Object.fromEntries(paramsOf(topic.pattern).map((param) => [param, 'a'])));

        for (const other of ['', `${built}/`, `${built}/x`, `/${built}`, built.toUpperCase().replace(/^\$?/, 'X')]) {
          expect(topic.parse(other), other).to.equal(undefined);
        }
      });

      it('says what it is, who publishes it and whether it is retained', () => {
        expect(row.about).to.match(/^\S.*\.$/);
        expect(row.publisher).to.match(/^\w/);
        expect(row.retain).to.be.a('boolean');
        expect([0, 1, 2]).to.include(row.qos);
        expect(row.codec.contentType).to.match(/^\w+\/[\w+-]+/);
      });
    });
  }

  it('gives no name to two rows', () => {
    const anything = fc.oneof(
      ...rows.map(([, row]) => paramSets(row.pattern).map((params) => anyTopic(row).build(params))),
    );

    fc.assert(
      fc.property(anything, (built) => {
        expect(rows.filter(([, row]) => row.parse(built) !== undefined)).to.have.length(1);
      }),
    );
  });

  it('has the rows that PRODUCT.md names', () => {
    const built = [
      topics.chat.build({ channel: 'general' }),
      topics.dmTyping.build({ a: 'ana', b: 'ben' }),
      topics.channel.build({ channel: 'general' }),
      topics.presence.build({ name: 'ana' }),
      topics.dmReadPosition.build({ user: 'ana', peer: 'ben' }),
      topics.command.build({ device: 'lamp-1', command: 'set Colour' }),
      topics.reply.build({ device: 'lamp-1', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
      topics.hubError.build({ client: 'a%2Fb' }),
      topics.sys.build({ value: 'uptime' }),
    ];

    expect(built).to.deep.equal([
      'chat/general',
      'dm/ana/ben/typing',
      'channels/general',
      'presence/ana',
      'users/ana/read/dm/ben',
      'devices/lamp-1/commands/set Colour',
      'devices/lamp-1/replies/01ARZ3NDEKTSV4RRFFQ69G5FAV',
      'hub/errors/a%2Fb',
      '$SYS/broker/uptime',
    ]);
  });

  it('subscribes a client to its own errors with a filter of their row', () => {
    expect(ownErrors).to.equal(topics.hubError.filter());
  });
});

describe('names in topics', () => {
  it('are refused as the kind of name they are', () => {
    expect(refusal(() => topics.chat.build({ channel: 'No Way' })).message).to.match(/^channel name "No Way" is not/);
    expect(topics.chat.parse('chat/No Way')).to.equal(undefined);
  });

  it('keep a client id percent-encoded', () => {
    expect(refusal(() => topics.hubError.build({ client: 'a b' })).code).to.equal('name-invalid');
    expect(topics.hubError.parse('hub/errors/a%2fb')).to.equal(undefined);
  });
});

describe('direct messages', () => {
  it('have one topic for two users: the other order is refused and not parsed', () => {
    const error = refusal(() => topics.dm.build({ a: 'ben', b: 'ana' }));

    expect(error).to.include({ code: 'topic-invalid', reasonCode: errorKinds['topic-invalid'].reasonCode });
    expect(error.message).to.equal('dm/:a/:b takes the two users in ASCII order, not dm/ben/ana');
    expect(topics.dm.parse('dm/ben/ana')).to.equal(undefined);
    expect(topics.dmTyping.parse('dm/ben/ana/typing')).to.equal(undefined);
  });

  it('may be to oneself', () => {
    expect(topics.dm.parse('dm/ana/ana')).to.deep.equal({ a: 'ana', b: 'ana' });
  });

  it('are found by one user with two filters', () => {
    expect(topics.dm.filter({ a: 'ben' })).to.equal('dm/ben/+');
    expect(topics.dm.filter({ b: 'ben' })).to.equal('dm/+/ben');
  });
});
