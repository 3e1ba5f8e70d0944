import { pageSchema, checked, topics } from '@parley/shared';
import type { Entry } from '@parley/shared';
import { expect } from 'chai';
import { refusal, utf8 } from '../support.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const entry: Entry = { id: ulid, seq: 42, at: 1795223047123, from: 'ana', kind: 'text', text: 'hello' };

function decode(row: { codec: { decode(bytes: Uint8Array): unknown } }, value: unknown): unknown {
  return row.codec.decode(utf8(JSON.stringify(value)));
}

describe('an entry', () => {
  it('comes back as it was written', () => {
    const { codec } = topics.chat;

    expect(codec.decode(codec.encode(entry))).to.deep.equal(entry);
    expect(topics.dm.codec).to.equal(codec);
  });

  it('keeps data of as many levels as a draft may have', () => {
    const data = JSON.parse('['.repeat(100) + ']'.repeat(100));

    expect(decode(topics.chat, { ...entry, kind: 'data', data })).to.have.deep.property('data', data);
  });

  it('passes over what a newer hub adds', () => {
    expect(decode(topics.chat, { ...entry, mood: 'fine' })).to.deep.equal(entry);
  });

  it('is refused without its stamp', () => {
    for (const [key, value] of Object.entries({ id: undefined, seq: 0, at: 1.5, from: undefined, kind: 'x' })) {
      const message = refusal(() => decode(topics.chat, { ...entry, [key]: value })).message;

      expect(message).to.match(new RegExp(`^entry is not valid at ${key}: expected`));
    }
  });
});

describe('a page of entries', () => {
  it('has entries, the newest seq, the log and whether it is limited', () => {
    const page = { entries: [entry], lastSeq: 42, log: ulid, limited: false };

    expect(checked(pageSchema, page, 'page')).to.deep.equal(page);
    expect(checked(pageSchema, { ...page, entries: [], lastSeq: 0 }, 'page').entries).to.deep.equal([]);
    expect(refusal(() => checked(pageSchema, { ...page, entries: [{ seq: 1 }] }, 'page')).message).to.equal(
      'page is not valid at entries.0.id: expected string',
    );
  });
});

describe('what the hub retains and reports', () => {
  it('a channel, with a topic and the last seq', () => {
    const channel = { name: 'general', topic: '', private: false, log: ulid, createdAt: 1, lastSeq: 0 };

    expect(decode(topics.channel, channel)).to.deep.equal(channel);
    expect(refusal(() => decode(topics.channel, { ...channel, lastSeq: -1 })).message).to.match(
      /lastSeq: expected at least 0/,
    );
  });

  it('presence: online, away or offline', () => {
    const presence = { status: 'away', at: 1, connections: 2 };

    expect(decode(topics.presence, presence)).to.deep.equal(presence);
    expect(refusal(() => decode(topics.presence, { ...presence, status: 'busy' })).message).to.equal(
      'presence is not valid at status: expected online or away or offline',
    );
  });

  it('typing, a read position and a refusal', () => {
    const refused = { code: 'payload-invalid', message: 'no', topic: 'chat/general', at: 1 };

    expect(decode(topics.chatTyping, { from: 'ana', at: 1 })).to.deep.equal({ from: 'ana', at: 1 });
    expect(decode(topics.readPosition, 7)).to.equal(7);
    expect(decode(topics.hubError, refused)).to.deep.equal(refused);
    expect(refusal(() => decode(topics.readPosition, '7')).code).to.equal('payload-invalid');
  });
});
