import { expect } from 'chai';
import fc from 'fast-check';
import { formatEntry } from '../../src/chat/format.ts';
import { visible } from '../../src/chat/visible.ts';

const at = new Date(2026, 10, 21, 9, 5).getTime();
const entry = { id: '01K00000000000000000000000', seq: 1, at, from: 'ana', kind: 'text' as const };

describe('text of strangers', () => {
  it('loses nothing that can be read', () => {
    const text = 'Grüße, 世界 👋🏽 \t— "fine"';

    expect(visible(text)).to.equal(text);
  });

  it('shows escape sequences instead of letting them drive the terminal', () => {
    const shown = visible('\u001b[2J\u009b31m\u0007\u007f\u202eevil');

    expect(shown).to.equal('␛[2J\\u009b31m␇␡\\u202eevil');
  });

  it('never has a control character left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.to.match(/[^\P{Cc}\t]|[\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('cannot pass for an entry of someone else by a line of its own', () => {
    const shown = formatEntry({ ...entry, text: 'hi\n09:06 ben: I agree' });

    expect(shown).to.equal('09:05 ana: hi\n      | 09:06 ben: I agree');
  });

  it('says what the other kinds of entry did', () => {
    const shown = [
      formatEntry({ ...entry, kind: 'edit', text: 'better', target: entry.id }),
      formatEntry({ ...entry, kind: 'delete', target: entry.id }),
      formatEntry({ ...entry, kind: 'reaction', text: '👍', target: entry.id }),
      formatEntry({ ...entry, kind: 'data', data: { celsius: 21 } }),
      formatEntry({ ...entry, kind: 'text' }),
    ];

    expect(shown).to.deep.equal([
      '09:05 ana edited an entry: better',
      '09:05 ana deleted an entry',
      '09:05 ana reacted: 👍',
      '09:05 ana: {"celsius":21}',
      '09:05 ana: (deleted)',
    ]);
  });
});
