import { connect as open } from 'node:net';
import { expect } from 'chai';
import { connect, malformed, type MalformedRow } from '../mqtt/malformed.ts';
import { startTestHub } from '../support/hub.ts';
import { innocentPair } from './pair.ts';

/** Sockets at a time. */
const PARALLEL = 100;

const CONNACK = 2;
const DISCONNECT = 14;

/** Everything the hub answers until it closes; undefined when it does not. */
function exchange(port: number, bytes: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = open(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (answer: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, 8000, undefined);
    socket.on('data', (chunk) => chunks.push(chunk));
    // The hub may close while bytes it will not read are on their way: that is a reset, after its answer.
    socket.on('error', () => {});
    socket.on('close', () => finish(Buffer.concat(chunks)));
  });
}

/** Type and reason or return code of each packet in an answer. */
function summary(answer: Buffer): [type: number, code: number][] {
  const packets: [number, number][] = [];
  for (let at = 0; at < answer.length;) {
    const type = answer[at]! >> 4;
    let length = 0;
    let next = at + 1;
    for (let shift = 0; ; shift += 7) {
      const byte = answer[next++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    packets.push([type, length === 0 ? 0 : answer[type === CONNACK ? next + 1 : next]!]);
    at = next + length;
  }
  return packets;
}

/** What the specification has the hub say before it closes. */
function expected({ beforeConnect, expect: code, version }: MalformedRow): [type: number, code: number][] {
  if (beforeConnect) return code === 'close' ? [] : [[CONNACK, code]];
  const accepted: [number, number] = [CONNACK, 0];
  return code === 'close' || version < 5 ? [accepted] : [accepted, [DISCONNECT, code]];
}

async function inParallel<T>(items: readonly T[], run: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await run(items[at]!, at);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

describe('malformed packets on real sockets', () => {
  it(`are refused as the specification says, all ${malformed.length}, while others go on`, async () => {
    await using hub = await startTestHub();
    const { chat } = await innocentPair(hub);
    const wrong: string[] = [];

    await inParallel(malformed, async (row, index) => {
      const { name, version, clause, bytes, beforeConnect } = row;
      const stream = beforeConnect ? bytes : Buffer.concat([connect(version, `row-${index}`), bytes]);
      const answer = await exchange(hub.ports.mqtt, stream);
      const got = answer ? JSON.stringify(summary(answer)) : 'not closed';
      const wanted = JSON.stringify(expected(row));
      if (got !== wanted) wrong.push(`${name} [${clause}] v${version} ${bytes.toString('hex')}: ${got}, not ${wanted}`);
      if (index % 500 === 0) await chat();
    });
    await chat();

    expect(wrong).to.deep.equal([]);
    expect(hub.aedes.connectedClients).to.equal(2);
  }).timeout(60_000);
});
