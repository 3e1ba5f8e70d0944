import { expect } from 'chai';
import { Attempts } from '../../src/auth/attempts.ts';
import { PASSWORD, startAccountsHub } from '../support/accounts.ts';

/** Makes an attempt that fails, unless it is not even tried. */
function isTried(attempts: Attempts, name: string, address: string): boolean {
  try {
    attempts.begin(name, address);
    return true;
  } catch (error) {
    expect(error).to.have.property('code', 'too-many-attempts');
    return false;
  }
}

describe('guessing passwords', () => {
  it('is slowed down, and the right one is not tried either while it is; many at once are no way around', async () => {
    await using hub = await startAccountsHub();
    await hub.api(hub.root, 'POST', '/api/accounts', { name: 'ana', kind: 'person', password: PASSWORD });
    const guess = (password: string) => hub.api(undefined, 'POST', '/api/login', { user: 'ana', password });
    const guesses = Array.from({ length: 40 }, (_, i) => guess(`guess number ${i}`));

    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    // Each of these is at most one more failure, and doubles the wait.
    let last = 0;
    for (let i = 0; i < 100 && last !== 429; i++) last = (await guess(PASSWORD.slice(1))).status;

    expect(statuses.filter((status) => status === 401).length).to.be.within(5, 12);
    expect(statuses.filter((status) => status === 429).length).to.be.at.least(28);
    expect(last).to.equal(429);
  });

  it('costs twice the wait with each failure, up to a quarter of an hour', () => {
    const clock = { now: 0 };
    const attempts = new Attempts(() => clock.now);
    const waitFor = (ms: number): boolean => {
      clock.now += ms;
      return isTried(attempts, 'ana', `192.0.2.${clock.now % 250}`);
    };

    for (let i = 0; i < 5; i++) expect(waitFor(0)).to.equal(true);
    expect([waitFor(999), waitFor(1)]).to.deep.equal([false, true]);
    expect([waitFor(1999), waitFor(1)]).to.deep.equal([false, true]);
    for (let i = 0; i < 20; i++) waitFor(15 * 60_000);
    expect([waitFor(15 * 60_000 - 1), waitFor(1)]).to.deep.equal([false, true]);
    clock.now += 60 * 60_000;
    for (let i = 0; i < 5; i++) expect(waitFor(0)).to.equal(true);
    expect(waitFor(0)).to.equal(false);
  });

  it('is slowed down by address as well, whatever names are tried; an IPv6 network is one address', () => {
    const attempts = new Attempts(() => 0);
    for (let i = 0; i < 20; i++) isTried(attempts, `name-${i}`, `2001:db8:0:1::${i.toString(16)}`);
    for (let i = 0; i < 20; i++) isTried(attempts, `name-${i}`, '192.0.2.1');

    expect(isTried(attempts, 'ben', '2001:db8::1:ffff:0:0:1')).to.equal(false);
    expect(isTried(attempts, 'ben', '2001:db8:0:2::1')).to.equal(true);
    expect(isTried(attempts, 'ben', '::ffff:192.0.2.1')).to.equal(false);
  });

  it('by strangers does not lock somebody out where they signed in before', () => {
    const attempts = new Attempts(() => 0);
    attempts.begin('ana', '192.0.2.1');
    attempts.succeeded('ana', '192.0.2.1');
    for (let i = 0; i < 100; i++) isTried(attempts, 'ana', '198.51.100.1');

    expect(isTried(attempts, 'ana', '198.51.100.1')).to.equal(false);
    for (let i = 0; i < 5; i++) expect(isTried(attempts, 'ana', '192.0.2.1')).to.equal(true);
    expect(isTried(attempts, 'ana', '192.0.2.1')).to.equal(false);
  });

  it('is not what many clients with one right password do at once', async () => {
    await using hub = await startAccountsHub();
    await hub.api(hub.root, 'POST', '/api/accounts', { name: 'ana', kind: 'person', password: PASSWORD });
    const connect = () => hub.refused({ username: 'ana', password: PASSWORD });

    const codes = await Promise.all(Array.from({ length: 30 }, connect));

    expect(codes.filter((code) => code !== undefined)).to.deep.equal([]);
  });

  it('takes as long for a name that nobody has', async function () {
    this.timeout(20_000);
    const { Passwords } = await import('../../src/auth/passwords.ts');
    const passwords = new Passwords();
    const hashed = await passwords.hash('ana', PASSWORD);
    const time = async (name: string, known: string | undefined): Promise<number> => {
      await passwords.check(name, 'first', known);
      const start = process.hrtime.bigint();
      for (let i = 0; i < 8; i++) await passwords.check(name, `guess ${i}`, known);
      return Number(process.hrtime.bigint() - start);
    };
    const ratios: number[] = [];
    for (let i = 0; i < 5; i++) ratios.push((await time('ana', hashed)) / (await time('nobody', undefined)));

    // Without the decoy it is about 1000.
    expect(ratios.toSorted((a, b) => a - b)[2]).to.be.within(0.25, 4);
  });
});
