import { coded, errorKinds, ParleyError } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import { expect } from 'chai';

describe('coded errors', () => {
  for (const [code, kind] of Object.entries(errorKinds)) {
    it(`${code} has a sentence, a reason code of failure and a status of failure`, () => {
      expect(code).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(kind.summary).to.match(/^[A-Z].*\.$/);
      expect(kind.reasonCode).to.be.within(0x80, 0xa2);
      expect(kind.status).to.be.within(400, 599);
    });
  }

  it('carry their code, reason code, status and cause', () => {
    const cause = new Error('below');
    const error = new ParleyError('not-authorized', 'no', { cause });

    expect(error).to.include({ name: 'ParleyError', code: 'not-authorized', reasonCode: 0x87, status: 403, cause });
    expect(String(error)).to.equal('ParleyError: no');
  });

  it('are kept by coded, which makes everything else internal', () => {
    const error = new ParleyError('too-large', 'no');
    const foreign = new TypeError('oops');

    expect(coded(error)).to.equal(error);
    expect(coded(foreign)).to.include({ code: 'internal', message: 'oops', cause: foreign, status: 500 });
    expect(coded('thrown text')).to.include({ code: 'internal', message: 'thrown text' });
  });

  it('use the reason codes that PRODUCT.md promises for drafts', () => {
    const promised: [ErrorCode, number][] = [
      ['payload-invalid', 0x99],
      ['name-invalid', 0x90],
      ['not-authorized', 0x87],
    ];

    for (const [code, reasonCode] of promised) expect(errorKinds[code].reasonCode).to.equal(reasonCode);
  });
});
