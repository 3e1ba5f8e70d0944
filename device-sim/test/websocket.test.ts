import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import * as z from 'zod';
import { WebSocketServer } from 'ws';
import { openLink } from '../src/link.ts';
import { until } from './support/until.ts';

const root = new URL('../../', import.meta.url);
const require = createRequire(import.meta.url);
const packageSchema = z.object({ version: z.string() });
const lockSchema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

async function readJson(path: string | URL): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function versionOf(path: string | URL): Promise<string> {
  return packageSchema.parse(await readJson(path)).version;
}

describe('WebSocket', () => {
  it('is not locked to any ws below 8', async () => {
    const { packages } = lockSchema.parse(await readJson(new URL('package-lock.json', root)));

    const versions = Object.entries(packages).flatMap(([path, { version }]) =>
      /(^|\/)node_modules\/ws$/.test(path) ? [version] : [],
    );

    expect(versions).not.to.deep.equal([]);
    for (const version of versions) expect(version).to.match(/^8\./);
  });

  it('is installed with no ws below 8, and is what websocket-stream uses', async () => {
    const files = await readdir(new URL('node_modules/', root), { recursive: true });
    const installed = files.filter((file) => /(^|node_modules\/)ws\/package\.json$/.test(file));
    const used = createRequire(require.resolve('websocket-stream')).resolve('ws/package.json');

    const versions = await Promise.all(
      [used, ...installed.map((file) => new URL(`node_modules/${file}`, root))].map(versionOf),
    );

    expect(installed).not.to.deep.equal([]);
    for (const version of versions) expect(version).to.match(/^8\./);
  });

  it('asks for the subprotocol mqtt and speaks in binary frames', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const handlers = { up: () => {}, down: () => {}, refused: () => {}, message: () => {} };
    const url = `ws://127.0.0.1:${port}/mqtt`;

    const link = openLink({ url, clientId: 'x', username: 'x', random: Math.random }, handlers);
    const [socket] = await once(server, 'connection');
    const frames: string[] = [];
    socket.on('message', (data: Buffer, isBinary: boolean) => frames.push(isBinary ? data.toString('latin1') : 'text'));
    const connect = await until('a whole CONNECT', () => frames.join('').length > 10 && frames.join(''));

    expect(socket.protocol).to.equal('mqtt');
    expect(connect.slice(4, 8)).to.equal('MQTT');
    await link.drop();
    server.close();
  });
});
