import { expect } from 'chai';
import { startTestHub } from '../support/hub.ts';

describe('the address of a view', () => {
  for (const path of ['/', '/c/general', '/c', '/d/lamp-1', '/t?filter=a/b.c', '/hub', '/dm/ben', '/c/general/']) {
    it(`${path} gives the page, whatever its reader accepts`, async () => {
      await using hub = await startTestHub();

      for (const accept of ['*/*', 'text/html', 'application/json']) {
        const answer = await fetch(hub.httpUrl + path, { headers: { Accept: accept } });

        expect(answer.status).to.equal(200);
        expect(answer.headers.get('content-type')).to.match(/^text\/html/);
        expect(await answer.text()).to.match(/^<!doctype html>/i);
      }
      expect((await fetch(hub.httpUrl + path, { method: 'HEAD' })).status).to.equal(200);
    });
  }

  for (const [method, path] of [
    ['GET', '/api/nothing'],
    ['GET', '/api'],
    ['GET', '/api/'],
    ['GET', '/assets/none.js'],
    ['GET', '/assets/none'],
    ['GET', '/favicon.none'],
    ['GET', '/c/..%2f..%2fpackage.json'],
    ['GET', '/..%2f..%2f..%2fetc%2fpasswd'],
    ['POST', '/c/general'],
  ] as const) {
    it(`is not ${method} ${path}, which is answered as the API answers`, async () => {
      await using hub = await startTestHub();

      const answer = await fetch(hub.httpUrl + path, { method, headers: { Accept: 'text/html' } });

      expect(answer.status).to.be.within(400, 499);
      expect(await answer.json()).to.have.nested.property('error.code');
    });
  }
});
