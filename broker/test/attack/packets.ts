import { expect } from 'chai';
import { packet, none, protocol, text, uint16 } from '../mqtt/corpus/bytes.ts';
import { malformed } from '../mqtt/malformed.ts';
import type { MalformedRow } from '../mqtt/malformed.ts';
import { inParallel } from './attack.ts';
import type { Attack } from './attack.ts';
import type { Target } from './target.ts';

const AT_ONCE = 100;
/** Longer than `connectTimeoutSeconds` of the target, whatever else the machine does. */
const PATIENCE_MS = 30_000;

/** A CONNECT that a hub with accounts accepts. */
function signedIn(version: MalformedRow['version'], clientId: string, token: string): Buffer {
  const flags = 0x02 | 0x80 | 0x40;
  return packet(0x10, protocol(version), flags, uint16(60), none(version), text(clientId), text('eve'), text(token));
}

/** Whether the hub accepted a CONNECT, and nothing after it, before it closed. */
async function exchange(target: Target, bytes: Buffer): Promise<{ accepted: boolean; closed: boolean }> {
  const socket = await target.socket('mqtt');
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const answer = Buffer.concat(chunks);
      resolve({ closed, accepted: answer[0] === 0x20 && answer[3] === 0 });
    };
    const timer = setTimeout(finish, PATIENCE_MS, false);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => finish(true));
    socket.write(bytes);
  });
}

async function sendAll(
  target: Target,
  rows: readonly MalformedRow[],
  bytesOf: (row: MalformedRow, index: number) => Buffer,
  accepted: boolean,
) {
  const wrong: string[] = [];
  await inParallel(rows.entries(), AT_ONCE, async ([index, row]) => {
    const answer = await exchange(target, bytesOf(row, index));
    if (!answer.closed || answer.accepted !== accepted) {
      wrong.push(`${row.name} v${row.version} ${row.bytes.toString('hex').slice(0, 80)}: ${JSON.stringify(answer)}`);
    }
  });
  expect(wrong).to.deep.equal([]);
  return { attempts: rows.length, outcome: 'each refused, each socket closed' };
}

/** Rows that are only wrong before CONNECT are good packets after it. What exactly is answered is in broker/test/engine/malformed-sockets.test.ts. */
export const packetAttacks: readonly Attack[] = [
  {
    name: 'every bad packet of the corpus, before CONNECT',
    run: (target) => sendAll(target, malformed, ({ bytes }) => bytes, false),
  },
  {
    name: 'every bad packet of the corpus, signed in',
    run: (target) =>
      sendAll(
        target,
        malformed.filter(({ name }) => !name.endsWith('before CONNECT')),
        ({ version, bytes }, index) => Buffer.concat([signedIn(version, `bad-${index}`, target.tokens.eve), bytes]),
        true,
      ),
  },
];
