import { connect } from 'node:net';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { hubStreams, mutate, type Random, randomFrom, validStreams } from '../mqtt/corpus/mutations.ts';
import { heapInUse } from '../support/collect-garbage.ts';
import { startTestHub } from '../support/hub.ts';
import { MemoryStream } from '../support/memory-stream.ts';
import { until } from '../support/until.ts';
import { innocentPair } from './pair.ts';

const seeds = [...validStreams(), ...hubStreams()];
const STREAMS = 100_000;
const SOCKETS = 3000;
/** Streams open at a time. */
const OPEN = 100;

/** Sessions of fuzzed client ids end at once, so that what is left at the end was leaked. */
const options = { sessionExpirySeconds: 1, connectTimeoutSeconds: 2, maxPacketBytes: 4096 };

function brokenStream(random: Random): Buffer {
  return mutate(seeds[random(seeds.length)]!, random);
}

describe('a live hub', () => {
  it(`outlives ${STREAMS} broken streams, forgets them all, and serves others meanwhile`, async () => {
    await using hub = await startTestHub(options);
    const { chat } = await innocentPair(hub);
    const random = randomFrom(20_270_301);
    let before = 0;

    for (let done = 0; done < STREAMS; done += OPEN) {
      const streams = Array.from({ length: OPEN }, () => new MemoryStream());
      for (const stream of streams) hub.aedes.handle(stream, undefined);
      for (const stream of streams) sayInParts(stream, brokenStream(random), random);
      await turn();
      for (const stream of streams) stream.destroy();
      await turn();
      if (done % 10_000 === 0) await chat();
      if (done === STREAMS / 5) before = await settledHeap();
    }
    await chat();

    await until(() => hub.aedes.connectedClients === 2, 'the last of them leaving');
    expect((await settledHeap()) - before).to.be.lessThan(before * 0.2);
  }).timeout(120_000);

  it(`outlives ${SOCKETS} broken streams on real sockets`, async () => {
    await using hub = await startTestHub(options);
    const { chat } = await innocentPair(hub);
    const random = randomFrom(20_270_302);

    for (let done = 0; done < SOCKETS; done += OPEN) {
      await Promise.all(Array.from({ length: OPEN }, () => send(hub.ports.mqtt, brokenStream(random))));
      if (done % 500 === 0) await chat();
    }
    await chat();

    await until(() => hub.aedes.connectedClients === 2, 'the last of them leaving');
  }).timeout(60_000);
});

/** The heap once the last sessions have expired and the last sockets are let go. */
async function settledHeap(): Promise<number> {
  await pause(1600);
  return heapInUse();
}

function sayInParts(stream: MemoryStream, bytes: Buffer, random: Random): void {
  const cut = random(bytes.length + 1);
  if (cut > 0) stream.say(bytes.subarray(0, cut));
  if (cut < bytes.length) stream.say(bytes.subarray(cut));
}

/** Says it all and leaves: with FIN after the hub's answer, or with a reset. */
function send(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => resolve());
  });
}
