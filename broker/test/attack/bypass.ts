import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import { until } from '../support/until.ts';
import type { Attack } from './attack.ts';
import type { Target } from './target.ts';

const SECRET = 'for ana and ben alone';
const filters = [
  '#',
  '+/+',
  'chat/+',
  'chat/#',
  'dm/#',
  '+/+/+',
  'users/#',
  '$share/g/#',
  '$share/h/chat/#',
  '+/secret',
];

function listen(client: MqttClient): string[] {
  const heard: string[] = [];
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
  return heard;
}

/** All that an HTTP reader is given of what is private, in one text. */
async function readOverHttp(target: Target): Promise<{ attempts: number; text: string }> {
  const paths = [
    '/api/channels',
    '/api/channels/secret',
    '/api/channels/secret/messages',
    '/api/channels/secret/messages?after=0&wait=1',
    '/api/channels/%73ecret/messages',
    '/api/channels/secret%2f..%2fsecret/messages',
    '/api/dm/ana/messages',
    '/api/dm/ben/messages',
    '/api/search?q=alone',
    '/api/search?q=alone&channel=secret',
    '/api/accounts',
    '/api/accounts/root/tokens',
    '/api/audit',
    '/api/invites',
    '/api/rights/explain?who=ana&action=publish&topic=x',
  ];
  const texts = await Promise.all(
    paths.map(async (path) => JSON.stringify((await target.api(target.tokens.eve, 'GET', path)).body)),
  );
  return { attempts: paths.length, text: texts.join('\n') };
}

async function reading(target: Target) {
  const { ana, ben, eve } = target.tokens;
  await target.api(ana, 'POST', '/api/channels', { name: 'secret', private: true });
  await target.api(ana, 'PUT', '/api/channels/secret/members/ben');
  const kept = { clean: false, clientId: 'eve-reads', properties: { sessionExpiryInterval: 60 } };
  const thief = await target.client(eve, kept);
  const heard = listen(thief);
  for (const filter of [...filters, 'chat/secret', 'dm/ana/ben', 'users/ana/#']) {
    await thief.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
  }
  await thief.endAsync();
  const say = async (): Promise<void> => {
    await target.api(ana, 'POST', '/api/channels/secret/messages', { text: SECRET });
    await target.api(ana, 'POST', '/api/dm/ben/messages', { text: SECRET });
  };
  await say();
  const again = await target.client(eve, kept);
  const more = listen(again);
  for (const filter of filters) await again.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
  const questions = ['history', 'who', 'channels', 'devices', 'presence'];
  for (const what of questions) {
    const payload = JSON.stringify({ id: '1', channel: 'secret', user: 'ana' });
    await again.publishAsync(`hub/requests/${what}`, payload, { qos: 1, properties: { responseTopic: 'eve/answers' } });
  }
  await say();
  await target.api(target.tokens.root, 'POST', '/api/publish', { topic: 'eve/end', payload: 'end', qos: 1 });
  await until(() => more.some((one) => one.startsWith('eve/end')), 'the mark', 20_000);
  const http = await readOverHttp(target);
  const member = await target.api(ben, 'GET', '/api/channels/secret/messages');
  await again.endAsync();

  expect(JSON.stringify(member.body)).to.include(SECRET);
  expect([...heard, ...more, http.text].join('\n'))
    .not.to.include(SECRET)
    .and.not.to.include('users/ana');
  return { attempts: filters.length * 2 + 3 + questions.length + http.attempts, outcome: 'nothing private read' };
}

const forbidden = [
  'chat/secret',
  'dm/ana/ben',
  'users/ana/read/general',
  'presence/ana',
  'channels/general',
  'hub/errors/x',
  'hub/replies/x/1',
  'devices/lamp/status',
  'devices/__proto__/state',
  'users/__proto__/x',
  '$SYS/broker/version',
];

async function writing(target: Target) {
  const { ana, eve } = target.tokens;
  const witness = await target.client(ana);
  const heard = listen(witness);
  await witness.subscribeAsync(['#', 'users/ana/#'], { qos: 1 });
  const payload = `forged by eve ${SECRET}`;
  const client = await target.client(eve);
  for (const topic of forbidden) {
    for (const qos of [0, 1, 2] as const) {
      await client.publishAsync(topic, payload, { qos, retain: true }).catch(() => undefined);
    }
    await target.api(eve, 'POST', '/api/publish', { topic, payload, qos: 1, retain: true });
    const will = { topic, payload: Buffer.from(payload), qos: 1 as const, retain: true };
    const left = await target.client(eve, { will }).catch(() => undefined);
    left?.stream.destroy();
    const properties = { responseTopic: topic };
    await client.publishAsync('hub/requests/who', '{}', { qos: 1, properties }).catch(() => undefined);
  }
  const steps: readonly (readonly [string, string, object?])[] = [
    ['DELETE', '/api/channels/secret'],
    ['PATCH', '/api/channels/secret', { topic: 'mine' }],
    ['PUT', '/api/channels/secret/members/eve'],
    ['PUT', '/api/users/ana', { display: 'eve' }],
    ['PUT', '/api/accounts/eve/roles', { roles: ['admin'] }],
    ['DELETE', '/api/accounts/ana'],
    ['POST', '/api/accounts', { name: 'mallory', kind: 'person', roles: ['admin'] }],
    ['POST', '/api/invites', { roles: ['admin'] }],
    ['POST', '/api/accounts/root/tokens', {}],
    ['POST', '/api/reload'],
  ];
  const answers = await Promise.all(steps.map(([method, path, body]) => target.api(eve, method, path, body)));
  await target.api(target.tokens.root, 'POST', '/api/publish', { topic: 'eve/end', payload: 'end', qos: 1 });
  await until(() => heard.some((one) => one.startsWith('eve/end')), 'the mark', 20_000);
  await Promise.all([client.endAsync(true), witness.endAsync(true)]);

  expect(answers.map(({ status }) => status).filter((status) => status !== 403 && status !== 404)).to.deep.equal([]);
  expect(heard.filter((one) => one.includes(SECRET) && one.includes('eve'))).to.deep.equal([]);
  return { attempts: forbidden.length * 6 + steps.length, outcome: 'nothing written where it may not' };
}

/** Each of these by itself, and a right that is withdrawn, is in broker/test/auth/rights.test.ts. */
export const bypassAttacks: readonly Attack[] = [
  { name: 'reading past rights: filters, queue, retained, requests, HTTP', run: reading },
  { name: 'writing past rights: publish, will, response topic, HTTP', run: writing },
];
