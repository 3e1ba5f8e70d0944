import { checkDraft, entryKinds, isJsonObject, parseDraft } from '@parley/shared';
import type { Json } from '@parley/shared';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodesOrRefuses, fromHex, refusal, utf8 } from '../support.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

function parse(source: string, contentType?: string): unknown {
  return parseDraft(utf8(source), contentType);
}

describe('what a publish to a chat topic means', () => {
  it('is text when it is not a JSON object', () => {
    for (const source of ['hello', '42', 'true', '"quoted"', '[1,2]', '{broken', '{"a":1} and more', ' ', 'null']) {
      expect(parse(source), source).to.deep.equal({ kind: 'text', text: source });
    }
  });

  it('is a draft when it is a JSON object, white space around it or not', () => {
    expect(parse(' \n{"text":"hello"} ')).to.deep.equal({ kind: 'text', text: 'hello' });
    expect(parse(`{"id":"${ulid}","text":"a","replyTo":"${ulid}"}`)).to.deep.equal({
      id: ulid,
      kind: 'text',
      text: 'a',
      replyTo: ulid,
    });
  });

  it('is data when the object has none of the keys of a draft', () => {
    expect(parse('{"temperature":21}')).to.deep.equal({ kind: 'data', data: { temperature: 21 } });
    expect(parse('{}')).to.deep.equal({ kind: 'data', data: {} });
    expect(parse('{"data":[1]}')).to.deep.equal({ kind: 'data', data: [1] });
    expect(parse('{"kind":"data","data":null}')).to.deep.equal({ kind: 'data', data: null });
  });

  it('is JSON when its Content Type says so, with parameters, in any case, and with a +json suffix', () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/senml+json',
    ]) {
      expect(refusal(() => parse('hello', type)).message, type).to.match(/^payload is not JSON/);
      expect(refusal(() => parse('[1]', type)).message, type).to.equal('a draft is a JSON object or plain text');
      expect(parse('{"text":"a"}', type)).to.deep.equal({ kind: 'text', text: 'a' });
    }
  });

  it('is still looked at when the Content Type says something else', () => {
    expect(parse('hello', 'text/plain; charset=utf-8')).to.deep.equal({ kind: 'text', text: 'hello' });
    expect(parse('{"text":"hello"}', 'text/plain')).to.deep.equal({ kind: 'text', text: 'hello' });
    expect(parse('hello', 'application/jsonish')).to.deep.equal({ kind: 'text', text: 'hello' });
  });

  it('is refused when it is empty or not UTF-8', () => {
    expect(refusal(() => parse(''))).to.include({ code: 'payload-invalid', reasonCode: 0x99, status: 400 });
    expect(refusal(() => parseDraft(fromHex('ff'))).message).to.equal('payload is not valid UTF-8');
  });

  it('is a draft or a refusal for any bytes', () => {
    const types = fc.option(fc.constantFrom('application/json', 'text/plain'), { nil: undefined });

    fc.assert(fc.property(fc.uint8Array(), types, (bytes, type) => decodesOrRefuses(() => parseDraft(bytes, type))));
    fc.assert(fc.property(fc.json(), types, (source, type) => decodesOrRefuses(() => parse(source, type))));
  });

  it('keeps every text as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (source) => {
        fc.pre(!source.trimStart().startsWith('{'));

        expect(parse(source)).to.deep.equal({ kind: 'text', text: source });
      }),
    );
  });

  it('keeps data as it was written, __proto__ keys too, and gives no object another prototype', () => {
    const source = '{"data":{"__proto__":{"admin":true},"constructor":1}}';

    const draft = parse(source) as { data: Json };

    expect(JSON.stringify(draft.data)).to.equal(JSON.stringify(JSON.parse(source).data));
    expect(isJsonObject(draft.data) && draft.data['admin']).to.equal(undefined);
    expect(parse('{"__proto__":1}')).to.have.property('kind', 'data');
    expect(refusal(() => parse('{"text":"a","__proto__":{"from":"ana"}}')).message).to.match(/unknown key __proto__/);
  });

  it('is refused when it is nested too deeply to be handled later', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);

    for (const source of [`{"data":${deep}}`, `{"x":${deep}}`]) {
      expect(refusal(() => parse(source)).message).to.match(/expected JSON of at most 100 levels$/);
      expect(refusal(() => parse(source, 'application/json')).code).to.equal('payload-invalid');
    }
  });
});

describe('a draft of each kind', () => {
  const complete: Readonly<Record<(typeof entryKinds)[number], Record<string, Json>>> = {
    text: { text: 'a' },
    edit: { target: ulid, text: 'a' },
    delete: { target: ulid },
    reaction: { target: ulid, text: '👍' },
    file: { data: { id: 'f' } },
    data: { data: 1 },
    notice: { text: 'a' },
  };

  for (const kind of entryKinds) {
    it(`${kind}: is taken with its fields and refused without one of them`, () => {
      const draft = { kind, ...complete[kind] };

      expect(checkDraft(draft)).to.deep.equal(draft);
      for (const key of Object.keys(complete[kind])) {
        const { [key]: _, ...partial } = draft as Record<string, Json>;
        expect(refusal(() => checkDraft(partial)).message).to.equal(`draft of kind ${kind} needs ${key}`);
      }
    });
  }

  it('is text when it names no kind and has text, data when it has only data', () => {
    expect(checkDraft({ text: 'a', data: 1 })).to.have.property('kind', 'text');
    expect(checkDraft({ data: 1 })).to.have.property('kind', 'data');
    expect(refusal(() => checkDraft({ id: ulid })).message).to.equal('draft of kind text needs text');
  });

  it('is refused with the field that is wrong', () => {
    const wrong: [Json, RegExp][] = [
      [{ text: 1 }, /draft is not valid at text: expected string/],
      [{ text: '' }, /empty text/],
      [{ text: 'a', kind: 'shout' }, /at kind: expected text or edit or/],
      [{ text: 'a', id: 'x' }, /at id: expected a ULID/],
      [{ text: 'a', id: '81ARZ3NDEKTSV4RRFFQ69G5FAV' }, /at id: expected a ULID/],
      [{ text: 'a', from: 'ana' }, /unknown key from/],
      [{ text: 'a', seq: 1 }, /unknown key seq/],
      ['a', /JSON object or plain text/],
      [null, /JSON object or plain text/],
    ];

    for (const [draft, message] of wrong) expect(refusal(() => checkDraft(draft)).message).to.match(message);
  });
});
