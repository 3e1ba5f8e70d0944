import { expect } from 'chai';
import fc from 'fast-check';
import { readEvents } from '../../src/chat/events.ts';

const entry = { id: '01K00000000000000000000000', seq: 1, at: 0, from: 'ana', kind: 'text', text: 'über: 世界' };

async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const place of [...places.map((one) => one % bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    await Promise.resolve();
    yield bytes.subarray(from, place);
    from = place;
  }
}

describe('Server-Sent Events of a channel', () => {
  it('are read however the bytes are cut', async () => {
    const data = JSON.stringify(entry);
    const stream = Buffer.from(
      `id: a:0\n\n: comment\n\nid: a:1\ndata: ${data}\n\nevent: log\ndata: {}\n\nevent: other\ndata: {}\n\ndata:${data}\n\ndata: cut`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (places) => {
        const events = [];
        for await (const event of readEvents(cut(stream, places))) events.push(event);

        expect(events).to.deep.equal([{}, {}, { entry }, { isOther: true }, {}, { entry }]);
      }),
    );
  });

  it('have a bound', async () => {
    const endless = cut(Buffer.alloc(9 * 1024 ** 2, 'x'), []);

    const failure: unknown = await readEvents(endless)
      .next()
      .catch((error: unknown) => error);

    expect(failure).to.have.property('code', 'payload-invalid');
  });
});
