import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { PASSWORD } from '../support/accounts.ts';
import { tally } from './attack.ts';
import type { Attack } from './attack.ts';
import type { Target } from './target.ts';

interface Raw {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A request as it is written: nothing tidies its path or headers. */
function raw(target: Target, method: string, path: string, headers: object = {}, body?: string | Buffer): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: target.ports.http, method, path, headers: { ...headers }, agent: false };
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve({ status: answer.statusCode!, headers: answer.headers, text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const ups = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '..\\',
  '%252e%252e%252f',
  '....//',
  '..;/',
  '%c0%ae%c0%ae/',
];
const goals = ['etc/passwd', 'package.json', 'data/store.mdb', 'data/admin.sock', 'proc/self/environ'];

async function traversal(target: Target) {
  const Authorization = `Bearer ${target.tokens.eve}`;
  const statuses: number[] = [];
  for (const up of ups) {
    for (const goal of goals) {
      for (const root of ['/', '/assets/', '/api/files/']) {
        const answer = await raw(target, 'GET', root + up.repeat(8) + goal, { Authorization });
        const isPage = answer.headers['content-type']?.startsWith('text/html') === true;
        expect(answer.text).not.to.match(/root:x:0|"workspaces"|PARLEY_/);
        expect(isPage || answer.status >= 400, `${up} ${goal} ${answer.status}`).to.equal(true);
        statuses.push(answer.status);
      }
    }
  }
  return { attempts: statuses.length, outcome: tally(statuses) };
}

const evil = '<script>alert(1)</script>';
const ESC = '\u001b]0;owned\u0007\u001b[2J';
const lines = ['\r\nSet-Cookie: evil=1', '\n{"level":60,"event":"forged"}', `${ESC}\n`, '\u009b2J', '\u202egnp.exe'];

async function injection(target: Target) {
  const { eve } = target.tokens;
  const answers: Raw[] = [];
  for (const line of lines) {
    const encoded = encodeURIComponent(line);
    for (const path of [`/x${encoded}`, `/api/x${encoded}`, `/api/channels/${encoded}`, `/api/files/${encoded}`]) {
      answers.push(await raw(target, 'GET', path, { Authorization: `Bearer ${eve}` }));
    }
    const name = encodeURIComponent(`a${line}.txt`);
    const upload = { Authorization: `Bearer ${eve}`, 'Content-Type': 'application/octet-stream' };
    const made = await raw(target, 'POST', `/api/files?name=${name}`, upload, 'x');
    const { url } = JSON.parse(made.text) as { url?: string };
    if (url !== undefined) answers.push(await raw(target, 'GET', url, { Authorization: `Bearer ${eve}` }));
    await target.api(undefined, 'POST', '/api/login', { user: line, password: line });
    await target.client(line, { username: line, clientId: line }).catch(() => undefined);
    const client = await target.client(eve, { clientId: `eve${line}` });
    await client.publishAsync(`presence/${line.replaceAll(/[+#]/g, '')}`, line, { qos: 1 }).catch(() => undefined);
    await client.publishAsync('chat/general', JSON.stringify({ kind: line }), { qos: 1 }).catch(() => undefined);
    await client.endAsync(true);
    const headers = { Origin: 'http://evil.example', Upgrade: 'websocket', Connection: 'Upgrade' };
    await raw(target, 'GET', `/mqtt?${encoded}`, headers).catch(() => undefined);
  }
  const evilHeaders = answers.filter(({ headers }) => headers['set-cookie'] !== undefined);
  expect(evilHeaders).to.deep.equal([]);
  const written = target.running.stderr();
  const log = written.slice(0, written.lastIndexOf('\n'));
  expect(log.replaceAll('\n', '')).not.to.match(/[\p{Cc}\u202a-\u202e]/u);
  const events = log.split('\n').filter((line) => line !== '');
  for (const line of events) expect((JSON.parse(line) as { event: string }).event, line).to.not.equal('forged');
  return { attempts: answers.length + lines.length * 5, outcome: `${events.length} log lines, each one line of JSON` };
}

const files: Readonly<Record<string, string>> = {
  'page.html': `<!doctype html>${evil}`,
  'image.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${evil}</svg>`,
  'feed.xml': `<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">${evil}</x>`,
  'image.png': evil,
  'code.js': 'alert(1)',
  'page.mht': `MIME-Version: 1.0\nContent-Type: text/html\n\n${evil}`,
  'page.pdf': `%PDF-1.4 ${evil}`,
  [`"><img src=x onerror=alert(1)>.html`]: evil,
};

async function scripting(target: Target) {
  const { eve, ana } = target.tokens;
  const checked: string[] = [];
  for (const [name, body] of Object.entries(files)) {
    const upload = { Authorization: `Bearer ${eve}`, 'Content-Type': 'text/html' };
    const made = await raw(target, 'POST', `/api/files?name=${encodeURIComponent(name)}`, upload, body);
    const { url } = JSON.parse(made.text) as { url: string };
    const { headers } = await raw(target, 'GET', url, { Authorization: `Bearer ${ana}` });
    expect(headers['content-type'], name).not.to.match(/html|xml|svg|script|multipart|message/);
    expect(headers['content-disposition'], name).to.match(/^attachment/);
    expect(headers['content-security-policy'], name).to.include("default-src 'none'").and.include('sandbox');
    expect(headers['x-content-type-options'], name).to.equal('nosniff');
    expect(headers['cache-control'], name).to.equal('private, max-age=31536000, immutable');
    checked.push(name);
  }
  await target.api(eve, 'PUT', '/api/users/eve', { display: evil });
  await target.api(eve, 'POST', '/api/channels', { name: 'xss', topic: evil });
  await target.api(eve, 'POST', '/api/channels/general/messages', { text: evil });
  const about = JSON.stringify({ model: evil, metrics: { [evil]: { unit: evil } }, commands: { [evil]: {} } });
  const { root } = target.tokens;
  await target.api(root, 'POST', '/api/accounts', { name: 'lamp', kind: 'device', password: PASSWORD });
  const lamp = (await target.api(root, 'POST', '/api/accounts/lamp/tokens', {})).body.token as string;
  const device = await target.client(lamp);
  await device.publishAsync('devices/lamp/about', about, { qos: 1, retain: true });
  await device.endAsync();
  const paths = [
    'users',
    'channels',
    'channels/general/messages',
    'devices',
    'devices/lamp',
    `x/${evil}`,
    'search?q=alert',
  ];
  for (const path of paths) {
    const { headers } = await raw(target, 'GET', encodeURI(`/api/${path}`), { Authorization: `Bearer ${ana}` });
    expect(headers['content-type'], path).to.match(/^application\/json/);
    expect(headers['x-content-type-options'], path).to.equal('nosniff');
    checked.push(path);
  }
  for (const path of ['/', '/c/general', `/c/${encodeURIComponent(evil)}`]) {
    const { headers, text } = await raw(target, 'GET', path);
    expect(text).not.to.include(evil);
    expect(headers['content-security-policy']).to.include("default-src 'self'").and.not.include('unsafe-eval');
    expect(headers['content-security-policy']).to.include("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).to.equal('nosniff');
    checked.push(path);
  }
  return { attempts: checked.length, outcome: 'never markup: nosniff, CSP, attachment' };
}

const origins = ['http://evil.example', 'null', 'https://127.0.0.1.evil.example', 'http://localhost:1', 'file://'];

async function crossOrigin(target: Target) {
  const { eve } = target.tokens;
  const cookie = `parley=${eve}; parley_session=${eve}; __Host-parley=${eve}`;
  const answers: (number | string)[] = [];
  const changes = [
    ['POST', '/api/channels/general/messages'],
    ['POST', '/api/publish'],
    ['DELETE', '/api/channels/general'],
    ['POST', '/api/logout/everywhere'],
    ['POST', '/api/login'],
  ] as const;
  for (const Origin of origins) {
    for (const [method, path] of changes) {
      for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
        const headers = { Origin, Cookie: cookie, 'Content-Type': type };
        answers.push(
          (await raw(target, method, path, headers, method === 'DELETE' ? undefined : '{"text":"x"}')).status,
        );
      }
    }
    answers.push(
      await new Promise<number | string>((done) => {
        const options = { origin: Origin, headers: { Cookie: cookie } };
        const socket = new WebSocket(`ws://127.0.0.1:${target.ports.http}/mqtt`, 'mqtt', options);
        socket.on('open', () => done('open'));
        socket.on('unexpected-response', (_request, answer) => done(answer.resume().statusCode!));
        socket.on('error', () => done('closed'));
      }),
    );
  }
  expect([...new Set(answers)]).to.deep.equal([403]);
  return { attempts: answers.length, outcome: tally(answers) };
}

/** What `auth: accounts` says to somebody who did not sign in: how to sign in, and nothing of people, channels or load. */
const anonymous: Readonly<Record<string, number>> = {
  '/healthz': 200,
  '/readyz': 200,
  '/api/hub': 200,
  '/metrics': 401,
  '/api/nodes': 401,
  '/api/presence': 401,
  '/api/users': 401,
  '/api/channels': 401,
  '/api/devices': 401,
  '/api/accounts': 401,
  '/api/audit': 401,
};

async function anonymously(target: Target) {
  const answers = await Promise.all(Object.keys(anonymous).map((path) => raw(target, 'GET', path)));
  expect(answers.map(({ status }) => status)).to.deep.equal(Object.values(anonymous));
  const facts = JSON.parse(answers[2]!.text) as object;
  expect(Object.keys(facts).toSorted()).to.deep.equal([
    'auth',
    'maxDraftCharacters',
    'maxFileBytes',
    'maxPacketBytes',
    'mqttPort',
    'version',
  ]);
  return { attempts: answers.length, outcome: tally(answers.map(({ status }) => status)) };
}

export const webAttacks: readonly Attack[] = [
  { name: 'path traversal', run: traversal },
  { name: 'header and log injection', run: injection },
  { name: 'stored XSS by names, files and about documents', run: scripting },
  { name: 'CSRF and WebSockets of other origins', run: crossOrigin },
  { name: 'asking without signing in', run: anonymously },
];
