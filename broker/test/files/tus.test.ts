import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { Files, UPLOAD_MS } from '../../src/files/files.ts';
import { Scope } from '../../src/scope.ts';
import { createData, MemoryStore } from '../../src/store/memory.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { as, ask } from '../support/http.ts';
import { until } from '../support/until.ts';

const tus = { 'Tus-Resumable': '1.0.0', ...as('ana') };
const part = { ...tus, 'Content-Type': 'application/offset+octet-stream' };

async function create(hub: TestHub, size: number, headers: Record<string, string> = {}): Promise<string> {
  const init = { method: 'POST', headers: { ...tus, 'Upload-Length': String(size), ...headers } };
  return (await ask(hub, '/api/files', init)).headers.get('location')!;
}

function patch(hub: TestHub, url: string, offset: number, bytes: string | Uint8Array<ArrayBuffer>, headers = {}) {
  return ask(hub, url, {
    method: 'PATCH',
    body: bytes,
    headers: { ...part, 'Upload-Offset': String(offset), ...headers },
  });
}

async function offsetOf(hub: TestHub, url: string): Promise<number> {
  const { headers } = await ask(hub, url, { method: 'HEAD', headers: tus });
  return Number(headers.get('upload-offset'));
}

function checksum(text: string): Record<string, string> {
  return { 'Upload-Checksum': `sha1 ${createHash('sha1').update(text).digest('base64')}` };
}

function body(text: string): Readable {
  return Readable.from([Buffer.from(text)]);
}

describe('an upload in parts', () => {
  it('is a file once its last part has come', async () => {
    await using hub = await startTestHub();
    const url = await create(hub, 10, { 'Upload-Metadata': `filename ${btoa('note.txt')},x` });

    const first = await patch(hub, url, 0, '01234');
    const early = await fetch(hub.httpUrl + url);
    const last = await patch(hub, url, 5, '56789');
    const got = await fetch(hub.httpUrl + url);

    expect([first.status, first.headers.get('upload-offset')]).to.deep.equal([204, '5']);
    expect(first.headers.get('upload-expires')).to.match(/GMT$/);
    expect(early.status).to.equal(404);
    expect(last.headers.get('upload-offset')).to.equal('10');
    expect(await got.text()).to.equal('0123456789');
    expect(got.headers.get('content-disposition')).to.equal('attachment; filename="note.txt"');
    expect(await offsetOf(hub, url)).to.equal(10);
  });

  it('goes on where it was cut', async () => {
    await using hub = await startTestHub();
    const content = randomBytes(300_000);
    const url = await create(hub, content.length);
    const socket = connect(hub.ports.http, '127.0.0.1');
    const head = Object.entries({ ...part, 'Upload-Offset': 0, 'Content-Length': content.length, Host: 'hub' })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');

    socket.write(`PATCH ${url} HTTP/1.1\r\n${head}\r\n`);
    socket.write(content.subarray(0, 100_000));
    await until(async () => (await sizeOnDisk(hub, url)) > 0, 'some of it being there');
    socket.destroy();
    const offset = await offsetOf(hub, url);
    await patch(hub, url, offset, content.subarray(offset));

    expect(offset).to.be.within(1, 100_000);
    const got = Buffer.from(await (await fetch(hub.httpUrl + url)).arrayBuffer());
    expect(got.equals(content)).to.equal(true);
  });

  it('gives a sender that comes back its place, though the hub still waits on the old connection', async () => {
    await using hub = await startTestHub();
    const url = await create(hub, 10);
    const socket = connect(hub.ports.http, '127.0.0.1');
    const head = Object.entries({ ...part, 'Upload-Offset': 0, 'Content-Length': 10, Host: 'hub' })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    socket.write(`PATCH ${url} HTTP/1.1\r\n${head}\r\n01234`);
    await until(async () => (await sizeOnDisk(hub, url)) === 5, 'half of it being there');

    expect(await offsetOf(hub, url)).to.equal(5);
    await patch(hub, url, 5, '56789');

    expect(await (await fetch(hub.httpUrl + url)).text()).to.equal('0123456789');
    socket.destroy();
  });

  it('is what the reference client sends, in chunks and resumed by another one', async () => {
    await using hub = await startTestHub();
    const content = randomBytes(200_000);
    const options = { endpoint: `${hub.httpUrl}/api/files`, chunkSize: 50_000, headers: as('ana'), retryDelays: null };

    let half: Upload | undefined;
    await new Promise<void>((resolve, reject) => {
      half = new Upload(content, {
        ...options,
        metadata: { filename: 'random.bin' },
        onChunkComplete: (_size, accepted) => {
          if (accepted === 100_000) void half!.abort().then(resolve, reject);
        },
        onError: reject,
      });
      half.start();
    });
    await new Promise<void>((resolve, reject) => {
      const rest = new Upload(content, {
        ...options,
        uploadUrl: half!.url!,
        onSuccess: () => resolve(),
        onError: reject,
      });
      rest.start();
    });

    const got = await fetch(half!.url!);
    expect(Buffer.from(await got.arrayBuffer()).equals(content)).to.equal(true);
    expect(got.headers.get('content-disposition')).to.equal('attachment; filename="random.bin"');
  });

  it('may bring its first part with its creation, and may be empty', async () => {
    await using hub = await startTestHub();

    const headers = { ...part, 'Upload-Length': '5' };
    const created = await ask(hub, '/api/files', { method: 'POST', headers, body: 'whole' });
    const empty = await create(hub, 0);

    expect([created.status, created.headers.get('upload-offset')]).to.deep.equal([201, '5']);
    expect(await (await fetch(hub.httpUrl + created.headers.get('location')!)).text()).to.equal('whole');
    expect((await fetch(hub.httpUrl + empty)).status).to.equal(200);
  });

  it('takes a part back that does not have its checksum', async () => {
    await using hub = await startTestHub();
    const url = await create(hub, 5);
    const wrong = await patch(hub, url, 0, 'helol', checksum('hello'));
    expect([wrong.status, await offsetOf(hub, url)]).to.deep.equal([460, 0]);
    const right = await patch(hub, url, 0, 'hello', checksum('hello'));

    expect(right.status).to.equal(204);
  });

  it('says what it speaks', async () => {
    await using hub = await startTestHub({ maxFileBytes: 1000 });

    const { status, headers } = await ask(hub, '/api/files', { method: 'OPTIONS' });

    expect(status).to.equal(204);
    expect(headers.get('tus-version')).to.equal('1.0.0');
    expect(headers.get('tus-max-size')).to.equal('1000');
    expect(headers.get('tus-extension')).to.equal('creation,creation-with-upload,termination,checksum,expiration');
  });

  it('can be given up, by its sender alone', async () => {
    await using hub = await startTestHub();
    const url = await create(hub, 10);

    const other = await ask(hub, url, { method: 'DELETE', headers: { ...tus, ...as('eve') } });
    const own = await ask(hub, url, { method: 'DELETE', headers: tus });

    expect([other.status, own.status]).to.deep.equal([404, 204]);
    expect((await ask(hub, url, { method: 'HEAD', headers: tus })).status).to.equal(404);
  });

  for (const [what, headers, status] of [
    ['a length over the limit', { ...tus, 'Upload-Length': '30000000' }, 413],
    ['no length', tus, 400],
    ['a length that is none', { ...tus, 'Upload-Length': '-1' }, 400],
    ['another version', { ...tus, 'Tus-Resumable': '0.2.2', 'Upload-Length': '1' }, 412],
  ] as const) {
    it(`is refused with ${status} for ${what}`, async () => {
      await using hub = await startTestHub();

      expect((await ask(hub, '/api/files', { method: 'POST', headers })).status).to.equal(status);
    });
  }

  for (const [what, offset, headers, status] of [
    ['a wrong offset', 3, {}, 409],
    ['more than it was to have', 0, {}, 413],
    ['another content type', 0, { 'Content-Type': 'text/plain' }, 415],
    ['an unknown checksum', 0, { 'Upload-Checksum': 'crc32 AAAA' }, 400],
    ['an offset that is none', NaN, {}, 400],
    ['another sender', 0, as('eve'), 404],
  ] as const) {
    it(`refuses a part with ${status} for ${what}`, async () => {
      await using hub = await startTestHub();
      const url = await create(hub, 5);

      const { status: given } = await patch(hub, url, offset, status === 413 ? '0123456789' : '01', headers);

      expect(given).to.equal(status);
      expect(await offsetOf(hub, url)).to.equal(0);
    });
  }
});

describe('files on disk', () => {
  it('outlive a restart, unfinished ones too until they expire, and nothing else stays there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'parley-test-'));
    const data = createData();
    const options = { dir, maxFileBytes: 1000, filesMaxBytes: 5000 };
    const ids: string[] = [];
    const first = new Scope();
    {
      const files = await Files.open(new MemoryStore(data), options, first);
      ids.push((await files.keep({ name: 'a', by: 'ana', size: 3 }, body('abc'))).id);
      const upload = await files.begin({ name: 'b', by: 'ana', size: 10 });
      await files.append(upload, 0, body('01234'));
      ids.push(upload.id);
      await files.disk.append('orphan', (file) => file.sync());
      await first.close();
    }

    const scope = new Scope();
    const files = await Files.open(new MemoryStore(data), options, scope);
    expect(await files.offset(files.upload(ids[1]!)!)).to.equal(5);
    expect(files.quota.used).to.equal(13);
    expect((await readdir(dir)).toSorted()).to.deep.equal(ids.toSorted());

    await files.sweep(Date.now() + UPLOAD_MS + 1);
    expect(await readdir(dir)).to.deep.equal([ids[0]]);
    expect(files.quota.used).to.equal(3);
    await scope.close();
    await rm(dir, { recursive: true });
  });
});

/** How much of an upload has come, seen from outside: asking the hub would interrupt it. */
async function sizeOnDisk(_hub: TestHub, url: string): Promise<number> {
  const dirs = (await readdir(tmpdir())).filter((name) => name.startsWith('parley-files-'));
  const id = url.split('/').at(-1)!;
  const sizes = await Promise.all(
    dirs.map((dir) =>
      stat(join(tmpdir(), dir, id)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}
