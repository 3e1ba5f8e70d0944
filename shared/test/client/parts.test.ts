import { expect } from 'chai';
import fc from 'fast-check';
import { fullJitter } from '../../src/client/backoff.ts';
import { credentialsOf } from '../../src/client/credentials.ts';
import { endpointsOf } from '../../src/client/endpoints.ts';
import { Emitter } from '../../src/client/emitter.ts';
import { AsyncQueue } from '../../src/client/queue.ts';
import { ulidMaker } from '../../src/client/ulid.ts';
import { rejection } from './support/client.ts';

class Bell extends Emitter<{ ring: number }> {
  ring(times: number): void {
    this.emit('ring', times);
  }
}

describe('an emitter', () => {
  it('tells each listener until it stops listening', () => {
    const bell = new Bell();
    const heard: number[] = [];
    const aborter = new AbortController();
    const off = bell.on('ring', (times) => heard.push(times));
    bell.on('ring', (times) => heard.push(times * 10), aborter);

    bell.ring(1);
    off();
    bell.ring(2);
    aborter.abort();
    bell.ring(3);

    expect(heard).to.deep.equal([1, 10, 20]);
  });
});

async function said(token: Parameters<typeof credentialsOf>[1]): Promise<(string | undefined)[]> {
  const { password, authorization } = credentialsOf('ana', token);
  return [await password(), await authorization()];
}

describe('credentials', () => {
  it('are a token, a name alone, or what the cookie of a browser says', async () => {
    expect(await said('secret')).to.deep.equal(['secret', 'Bearer secret']);
    expect(await said(async () => 'fresh')).to.deep.equal(['fresh', 'Bearer fresh']);
    expect(await said(undefined)).to.deep.equal([undefined, `Basic ${btoa('ana:')}`]);
    expect(await said(() => undefined)).to.deep.equal([undefined, undefined]);
  });
});

describe('a queue', () => {
  it('gives what is waiting before it ends, and an error once', async () => {
    const queue = new AsyncQueue<number>(10);
    queue.push(1);
    queue.end({ error: new Error('broken') });
    queue.push(2);

    expect(await queue.next()).to.deep.equal({ done: false, value: 1 });
    expect((await rejection(queue.next())).message).to.equal('broken');
    expect(await queue.next()).to.deep.equal({ done: true, value: undefined });
  });

  it('ends for everyone who waits', async () => {
    const queue = new AsyncQueue<number>(10);
    const waiting = [queue.next(), queue.next()];

    await queue.return();

    expect((await Promise.all(waiting)).map(({ done }) => done)).to.deep.equal([true, true]);
  });
});

/** A ULID's 48 bits of time end in the year 10889; each id may take one millisecond more than its clock says. */
const LAST_MS = 2 ** 48 - 1 - 100;

describe('ids', () => {
  it('are ULIDs that only grow, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: LAST_MS }), { minLength: 1, maxLength: 100 }),
        fc.double({ min: 0, max: 0.9999999, noNaN: true }),
        (times, chance) => {
          const clock = times.values();
          const make = ulidMaker({ now: () => clock.next().value! }, () => chance);
          const ids = times.map(() => make());

          for (const id of ids) expect(id).to.match(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
          expect(ids).to.deep.equal([...new Set(ids)].toSorted());
        },
      ),
    );
  });
});

describe('the back-off', () => {
  it('is anywhere below a ceiling that doubles to its cap', () => {
    const ceilings = [0, 1, 2, 3, 50].map((attempt) =>
      fullJitter(attempt, { baseMs: 100, capMs: 500 }, () => 0.9999999),
    );

    expect(ceilings).to.deep.equal([100, 200, 400, 500, 500]);
    expect(fullJitter(5, {}, () => 0)).to.equal(0);
  });
});

describe('the address of a hub', () => {
  for (const [url, mqttUrl, httpUrl] of [
    ['http://hub:8080', 'ws://hub:8080/mqtt', 'http://hub:8080'],
    ['https://example.org/', 'wss://example.org/mqtt', 'https://example.org'],
    ['https://example.org/parley/', 'wss://example.org/parley/mqtt', 'https://example.org/parley'],
    ['wss://example.org/mqtt', 'wss://example.org/mqtt', 'https://example.org'],
    ['mqtt://hub:1883', 'mqtt://hub:1883', 'http://hub:8080'],
    ['mqtts://[::1]:8883', 'mqtts://[::1]:8883', 'https://[::1]:8080'],
  ] as const) {
    it(`${url} is where its MQTT and HTTP are`, () => {
      expect(endpointsOf(url)).to.deep.equal({ mqttUrl, httpUrl });
    });
  }

  it('takes another for HTTP, and none that is no hub', () => {
    expect(endpointsOf('mqtt://hub', 'http://hub:9/')).to.deep.equal({
      mqttUrl: 'mqtt://hub',
      httpUrl: 'http://hub:9',
    });
    expect(() => endpointsOf('ftp://hub')).to.throw(TypeError);
  });
});
