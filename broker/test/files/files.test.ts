import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { FileRecord } from '../../src/files/records.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { as, ask } from '../support/http.ts';
import type { Answer } from '../support/http.ts';
import { until } from '../support/until.ts';

type Kept = FileRecord & { url: string };

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function upload(
  hub: TestHub,
  body: RequestInit['body'],
  name?: string,
  headers: Record<string, string> = as('ana'),
): Promise<Answer<Kept>> {
  const query = name === undefined ? '' : `?name=${encodeURIComponent(name)}`;
  return ask<Kept>(hub, `/api/files${query}`, { method: 'POST', body: body!, headers });
}

async function usedBytes({ httpUrl }: TestHub): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  return Number(/^parley_files_bytes (\d+)$/m.exec(text)![1]);
}

describe('POST /api/files', () => {
  it('keeps the body of one request, and gives it back with the type of its content', async () => {
    await using hub = await startTestHub();

    const { status, headers, body } = await upload(hub, png, 'dot.html');
    const got = await fetch(hub.httpUrl + body.url);

    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(body.url);
    expect(body).to.include({ name: 'dot.html', type: 'image/png', size: png.length, by: 'ana' });
    expect(Buffer.from(await got.arrayBuffer()).equals(png)).to.equal(true);
    expect(got.headers.get('content-type')).to.equal('image/png');
    expect(got.headers.get('content-disposition')).to.equal('inline; filename="dot.html"');
    expect(got.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(got.headers.get('content-security-policy')).to.match(/sandbox/);
    expect(got.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
  });

  it('takes the file of a form, and a body whose length nobody knew', async () => {
    await using hub = await startTestHub();
    const form = new FormData();
    form.set('file', new Blob(['hello']), 'note.txt');
    const stream = new Blob([png]).stream();

    const formed = await upload(hub, form);
    const streamed = await fetch(`${hub.httpUrl}/api/files`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as object);

    expect(formed.body).to.include({ name: 'note.txt', type: 'text/plain; charset=utf-8', size: 5 });
    expect(await streamed.json()).to.include({ name: 'file', type: 'image/png', size: png.length, by: 'guest' });
  });

  for (const [what, content] of [
    ['a page', '<!doctype html><html><script>alert(1)</script></html>'],
    ['a picture with a script', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['XML', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ['a script', 'alert(1)'],
    ['a page behind other bytes', '\0\0<html><script>alert(1)</script>'],
  ] as const) {
    it(`never serves ${what} as such`, async () => {
      await using hub = await startTestHub();

      const { body } = await upload(hub, content, 'x.html', { 'Content-Type': 'text/html' });
      const got = await fetch(hub.httpUrl + body.url);

      expect(got.headers.get('content-type')).to.match(/^(?:text\/plain; charset=utf-8|application\/octet-stream)$/);
      expect(got.headers.get('content-disposition')).to.match(/^attachment;/);
      expect(got.headers.get('content-security-policy')).to.match(/default-src 'none'.*sandbox/);
      expect(got.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(await got.text()).to.equal(content);
    });
  }

  for (const [given, name] of [
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['a\r\nSet-Cookie: x', 'aSet-Cookie x'],
    ['gpj.\u202Eexe', 'gpj.exe'],
    ['Grüße 🎉.txt', 'Grüße 🎉.txt'],
    ['con', 'file'],
  ] as const) {
    it(`calls ${JSON.stringify(given)} ${name}`, async () => {
      await using hub = await startTestHub();

      const { body } = await upload(hub, 'x', given);

      expect(body.name).to.equal(name);
      expect((await fetch(hub.httpUrl + body.url)).status).to.equal(200);
    });
  }

  it('gives ranges, and nothing again to those who have it', async () => {
    await using hub = await startTestHub();
    const { body } = await upload(hub, '0123456789');
    const get = (headers: Record<string, string>): Promise<Response> => fetch(hub.httpUrl + body.url, { headers });

    const part = await get({ Range: 'bytes=2-4' });
    const whole = await get({});
    const beyond = await get({ Range: 'bytes=20-' });
    const again = await get({ 'If-None-Match': whole.headers.get('etag')!, 'Cache-Control': 'max-age=0' });
    const head = await fetch(hub.httpUrl + body.url, { method: 'HEAD' });

    expect([part.status, await part.text(), part.headers.get('content-range')]).to.deep.equal([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    expect([beyond.status, again.status]).to.deep.equal([416, 304]);
    expect([head.status, head.headers.get('content-length')]).to.deep.equal([200, '10']);
  });

  it('refuses what is over maxFileBytes before it is read, and while it streams when its length was not told', async () => {
    await using hub = await startTestHub({ maxFileBytes: 1000 });
    const big = new Blob([Buffer.alloc(5000)]);
    const form = new FormData();
    form.set('file', big);

    const declared = await rawPost(hub, 'Content-Length: 5000000\r\n\r\nx');
    const streamed = await rawPost(
      hub,
      `Transfer-Encoding: chunked\r\n\r\n${'1f4\r\n'.concat('x'.repeat(500), '\r\n').repeat(3)}`,
    );
    const formed = await upload(hub, form);

    expect(declared).to.match(/^HTTP\/1.1 413 [^]*"too-large"/);
    expect(streamed).to.match(/^HTTP\/1.1 413 [^]*"too-large"/);
    expect(formed.status).to.equal(413);
    expect((await upload(hub, Buffer.alloc(1000))).status).to.equal(201);
    expect(await usedBytes(hub)).to.equal(1000);
  });

  it('refuses what is over filesMaxBytes, and has room again when a file is deleted', async () => {
    await using hub = await startTestHub({ filesMaxBytes: 1500 });
    const first = await upload(hub, Buffer.alloc(1000));

    const full = await upload(hub, Buffer.alloc(1000));
    const other = await ask(hub, first.body.url, { method: 'DELETE', headers: as('ben') });
    const deleted = await ask(hub, first.body.url, { method: 'DELETE', headers: as('ana') });
    const again = await upload(hub, Buffer.alloc(1000));

    expect([full.status, other.status, deleted.status, again.status]).to.deep.equal([507, 404, 204, 201]);
    expect((await fetch(hub.httpUrl + first.body.url)).status).to.equal(404);
  });

  it('leaves nothing of a request that was cut', async () => {
    await using hub = await startTestHub();
    const socket = connect(hub.ports.http, '127.0.0.1');

    socket.write('POST /api/files HTTP/1.1\r\nHost: hub\r\nContent-Length: 1000\r\n\r\nhalf');
    await until(async () => (await usedBytes(hub)) === 1000, 'room being taken');
    socket.destroy();

    await until(async () => (await usedBytes(hub)) === 0, 'room being given back');
  });

  for (const [what, path, init, status] of [
    ['no body', '/api/files', { method: 'POST' }, 400],
    ['a form without a file', '/api/files', { method: 'POST', body: new FormData() }, 400],
    ['an unknown value', '/api/files?title=x', { method: 'POST', body: 'x' }, 400],
    ['an unknown file', '/api/files/nothing', {}, 404],
    ['a path that leads out', '/api/files/..%2f..%2fetc%2fpasswd', {}, 404],
    ['an id that is too long', `/api/files/${'x'.repeat(65)}`, {}, 400],
    ['deleting what is not there', '/api/files/nothing', { method: 'DELETE' }, 404],
  ] as const) {
    it(`refuses ${what} with ${status}`, async () => {
      await using hub = await startTestHub();

      const answer = await ask(hub, path, init);

      expect(answer.status).to.equal(status);
      expect(answer.body).to.have.nested.property('error.code');
    });
  }
});

/** What a hub answers to a request that never comes to its end. */
async function rawPost(hub: TestHub, rest: string): Promise<string> {
  const socket = connect(hub.ports.http, '127.0.0.1');
  socket.write(`POST /api/files HTTP/1.1\r\nHost: hub\r\n${rest}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}
