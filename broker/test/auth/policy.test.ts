import { expect } from 'chai';
import { matches } from '@parley/shared';
import fc from 'fast-check';
import { Accounts } from '../../src/auth/accounts.ts';
import { builtInRoles } from '../../src/auth/default-roles.ts';
import { Passwords } from '../../src/auth/passwords.ts';
import { Policy } from '../../src/auth/policy.ts';
import { Rights } from '../../src/auth/rights.ts';
import { covers, matchesTopic } from '../../src/auth/rule-match.ts';
import { Roles } from '../../src/auth/rules.ts';
import type { WrittenRule } from '../../src/auth/rules.ts';
import { MemoryStore } from '../../src/store/memory.ts';

const level = fc.constantFrom('a', 'b', 'ana', 'chat', 'devices', 'users', '$SYS', 'dm', '');
const wild = fc.oneof(level, fc.constantFrom('+', '${user}', '${device}', '${client}', '${channel}'));
const topic = fc
  .array(level, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((text) => text !== '');

function filterOf(levels: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(levels, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([all, isDeep]) => (isDeep ? [...all, '#'] : all).join('/'))
    .filter((text) => text !== '');
}

const rule: fc.Arbitrary<WrittenRule> = fc
  .tuple(fc.boolean(), filterOf(wild))
  .map(([allow, topics]) => (allow ? { allow: 'subscribe', topics } : { deny: 'subscribe', topics }));

const nobody = { name: 'ana', client: '', device: undefined, isMember: () => false };

async function accountsWith(roles: string[]): Promise<Accounts> {
  const accounts = new Accounts(new MemoryStore(), new Passwords());
  await accounts.add({ name: 'ana', kind: 'person', roles });
  await accounts.add({ name: 'lamp', kind: 'device', roles });
  return accounts;
}

const members = {
  version: 0,
  membersOf: (channel: string) => (channel === 'b' ? new Set(['lamp']) : undefined),
  isMember: (channel: string, name: string) => channel === 'a' || (channel === 'b' && name === 'lamp'),
};

describe('rules', () => {
  it('match topics as MQTT filters do', () => {
    const plain = filterOf(fc.oneof(level, fc.constant('+')));
    fc.assert(
      fc.property(plain, topic, (filter, name) => {
        expect(matchesTopic(filter.split('/'), name.split('/'), nobody)).to.equal(matches(filter, name));
      }),
    );
  });

  it('know when one filter covers another: then it matches whatever that matches', () => {
    const plain = filterOf(fc.oneof(level, fc.constant('+')));
    fc.assert(
      fc.property(plain, plain, topic, (wide, narrow, name) => {
        if (covers(wide, narrow) && matches(narrow, name)) expect(matches(wide, name)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('never refuse a filter that matches something its subscriber may read, and decide each message the same way', async () => {
    const accounts = await accountsWith(['some', 'other']);
    const rules = fc.array(rule, { maxLength: 5 });
    const filters = filterOf(fc.oneof(level, fc.constant('+')));
    fc.assert(
      fc.property(rules, rules, filters, topic, fc.constantFrom('ana', 'lamp'), (some, other, filter, name, user) => {
        const policy = new Policy(accounts, members, new Roles({ some, other }));
        const rights = new Rights(members, policy);
        const who = { id: 'a', user };
        const mayRead = rights.may(who, 'read', name);

        expect(rights.may(who, 'read', name)).to.equal(mayRead);
        expect(rights.explain(who, 'read', name).allowed).to.equal(mayRead);
        if (mayRead && matches(filter, name)) expect(rights.maySubscribe(who, filter), filter).to.equal(true);
        if (mayRead && matches(filter, name)) expect(rights.maySubscribe(who, `$share/g/${filter}`)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('allow nothing that the fixed rules of the topics deny, whatever a role says', async () => {
    const everything: WrittenRule[] = [
      { allow: ['publish', 'subscribe', 'create', 'manage', 'moderate', 'administer'], topics: ['#', '$SYS/#'] },
    ];
    const policy = new Policy(await accountsWith(['god']), members, new Roles({ god: everything }));
    const rights = new Rights(members, policy);
    const who = { id: 'x', user: 'ana' };

    for (const name of [
      'presence/ana',
      'channels/a',
      'hub/errors/x',
      'hub/replies/x/1',
      '$SYS/broker/uptime',
      'users/lamp/x',
      'dm/ben/lamp',
      'chat/b',
    ]) {
      expect(rights.may(who, 'publish', name), name).to.equal(false);
    }
    for (const name of [
      'users/lamp/read/a',
      'dm/ben/lamp',
      'chat/b',
      'channels/b',
      'hub/errors/y',
      '$SYS/x/new/clients',
    ]) {
      expect(rights.may(who, 'read', name), name).to.equal(false);
    }
    expect(rights.may(who, 'moderate', 'dm/ana/ben')).to.equal(false);
    expect(rights.may(who, 'moderate', 'chat/b')).to.equal(false);
    expect(rights.may({ id: 'x', user: 'nobody' }, 'read', 'plain')).to.equal(false);
  });

  it('of the built-in roles say what docs/accounts.md says', async () => {
    const accounts = await accountsWith(['device']);
    await accounts.add({ name: 'ben', kind: 'person' });
    const rights = new Rights(members, new Policy(accounts, members, new Roles(builtInRoles)));
    const may = (user: string, action: 'publish' | 'read' | 'create' | 'manage', name: string) =>
      rights.may({ id: 'x', user }, action, name);

    expect(may('lamp', 'publish', 'devices/lamp/state')).to.equal(true);
    expect(may('lamp', 'publish', 'devices/other/state')).to.equal(false);
    expect(may('lamp', 'publish', 'chat/b')).to.equal(true);
    expect(may('lamp', 'publish', 'chat/c')).to.equal(false);
    expect(may('lamp', 'create', 'chat/c')).to.equal(false);
    expect(may('lamp', 'read', 'devices/other/state')).to.equal(false);
    expect(may('ben', 'create', 'chat/c')).to.equal(true);
    expect(may('ben', 'publish', 'devices/lamp/state')).to.equal(false);
    expect(may('ben', 'publish', 'devices/lamp/commands/set')).to.equal(true);
    expect(may('ben', 'read', 'devices/lamp/state')).to.equal(true);
    expect(may('ben', 'manage', 'channels/a')).to.equal(true);
    expect(may('ben', 'manage', 'channels/c')).to.equal(false);
  });
});
