import { createHash } from 'node:crypto';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { coded, errorKinds, ParleyError } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import type { Log } from '../log.ts';
import type { Scope } from '../scope.ts';
import type { CommandName, Commands } from './commands.ts';

/** One line of JSON each way. */
interface Request {
  readonly command: CommandName;
  readonly input: unknown;
}
interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

const LONGEST_LINE = 64 * 1024;
const PATIENCE_MS = 30_000;
/** Paths of sockets are at most this long, with their end (unix(7)). */
const LONGEST_PATH = 103;

/** Where a running hub takes commands of this machine's user: a socket beside the store, or on Windows a named pipe. */
function adminPath(dataDir: string): string {
  const full = resolve(dataDir, 'admin.sock');
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\parley-${createHash('sha256').update(full).digest('hex').slice(0, 16)}`;
  }
  const near = relative(process.cwd(), full);
  return full.length <= LONGEST_PATH || near.length > full.length ? full : near;
}

/**
 * Takes commands from whoever may open the socket: the file system says who, as it does for the store itself. A hub that
 * cannot open it runs without.
 */
export async function listenForCommands(dataDir: string, commands: Commands, log: Log, scope: Scope): Promise<void> {
  const path = adminPath(dataDir);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, commands);
  });
  // What a killed hub left; nobody listens there, as this hub holds the store's lock.
  if (process.platform !== 'win32' && existsSync(path)) rmSync(path, { force: true });
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(path, done));
    if (process.platform !== 'win32') chmodSync(path, 0o600);
  } catch (error) {
    log.warn({ event: 'admin.closed', path }, `commands cannot reach this hub: ${(error as Error).message}`);
    return;
  }
  scope.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

function serve(socket: Socket, commands: Commands): void {
  let length = 0;
  socket.on('data', (chunk) => {
    length += chunk.length;
    if (length > LONGEST_LINE) socket.destroy();
  });
  createInterface({ input: socket }).once('line', (line) => {
    void answer(line, commands).then((one) => socket.end(`${JSON.stringify(one)}\n`));
  });
}

async function answer(line: string, commands: Commands): Promise<Answer> {
  try {
    const { command, input } = JSON.parse(line) as Request;
    return { result: await commands.run(command, input, { by: 'command line' }) };
  } catch (failure) {
    const { code, message } = coded(failure);
    return { error: { code, message } };
  }
}

/**
 * Asks the hub that runs on a data directory.
 * @throws ParleyError what the hub answered, or `store-in-use` when it cannot be asked
 */
export async function askHub(dataDir: string, request: Request): Promise<unknown> {
  const socket = connect(adminPath(dataDir));
  const line = await new Promise<string>((done, failed) => {
    socket.once('error', failed);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.once('close', () => failed(new Error('no answer')));
    createInterface({ input: socket }).once('line', done);
    socket.write(`${JSON.stringify(request)}\n`);
  }).catch((cause: Error) => {
    const where = join(dataDir, 'admin.sock');
    throw new ParleyError('store-in-use', `a hub runs on ${dataDir} but does not answer (${where}): ${cause.message}`);
  });
  socket.destroy();
  const { result, error } = JSON.parse(line) as Answer;
  if (!error) return result;
  throw new ParleyError(Object.hasOwn(errorKinds, error.code) ? error.code : 'internal', error.message);
}
