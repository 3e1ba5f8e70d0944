import { expect } from 'chai';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';

const ours = 'https://house.example';
const path = '/api/channels/general/messages';

function preflight({ httpUrl }: TestHub, origin: string, headers = 'content-type,last-event-id'): Promise<Response> {
  const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': headers };
  return fetch(httpUrl + path, { method: 'OPTIONS', headers: { Origin: origin, ...asked } });
}

function named(response: Response, header: string): string[] {
  return (response.headers.get(header) ?? '').toLowerCase().split(/,\s*/);
}

describe('a page of allowedOrigins', () => {
  it('is told beforehand what it may send', async () => {
    await using hub = await startTestHub({ allowedOrigins: [ours] });

    const answer = await preflight(hub, ours);

    expect(answer.status).to.equal(204);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(ours);
    expect(named(answer, 'access-control-allow-headers')).to.include.members([
      'authorization',
      'content-type',
      'last-event-id',
    ]);
    expect(named(answer, 'access-control-allow-methods')).to.include.members(['get', 'post', 'put', 'patch', 'delete']);
    expect(named(answer, 'vary')).to.include('origin');
  });

  it('may write, read answers and errors, and follow events', async () => {
    await using hub = await startTestHub({ allowedOrigins: [ours] });
    const headers = { Origin: ours, 'Content-Type': 'application/json' };

    const sent = await fetch(hub.httpUrl + path, { method: 'POST', headers, body: '{"text":"x"}' });
    const missing = await fetch(`${hub.httpUrl}/api/channels/nowhere`, { headers });
    const events = await Promise.all(
      ['/api/channels/general/events', '/api/subscribe?filter=x'].map((one) =>
        fetch(hub.httpUrl + one, { headers: { Origin: ours } }),
      ),
    );

    expect([sent.status, missing.status]).to.deep.equal([201, 404]);
    for (const answer of [sent, missing, ...events]) {
      expect(answer.headers.get('access-control-allow-origin'), answer.url).to.equal(ours);
      expect(named(answer, 'access-control-expose-headers'), answer.url).to.include('parley-node');
    }
    await Promise.all(events.map(({ body }) => body!.cancel()));
  });
});

describe('a page of another origin', () => {
  for (const [what, allowedOrigins, origin] of [
    ['that is not named', [ours], 'https://evil.example'],
    ['that only looks like a named one', [ours], `${ours}.evil.example`],
    ['of another scheme', [ours], 'http://house.example'],
    ['that hides', [ours], 'null'],
    ['when none is named', [], ours],
  ] as const) {
    it(`${what} may neither ask nor write nor read`, async () => {
      await using hub = await startTestHub({ allowedOrigins: [...allowedOrigins] });

      const asked = await preflight(hub, origin);
      const written = await fetch(hub.httpUrl + path, { method: 'POST', headers: { Origin: origin }, body: 'x' });
      const read = await fetch(hub.httpUrl + path, { headers: { Origin: origin } });

      expect([asked.status, written.status]).to.deep.equal([403, 403]);
      for (const answer of [asked, written, read]) {
        const given = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
        expect(given).to.deep.equal([]);
      }
      expect(await asked.json()).to.have.nested.property('error.code', 'origin-refused');
    });
  }
});

describe('without an origin', () => {
  it('nothing is said of origins, unless some are allowed and caches have to tell them apart', async () => {
    await using open = await startTestHub({ allowedOrigins: [ours] });
    await using own = await startTestHub();

    const [differs, same] = await Promise.all([open, own].map(({ httpUrl }) => fetch(`${httpUrl}/healthz`)));

    expect(named(differs!, 'vary')).to.include('origin');
    expect(named(same!, 'vary')).not.to.include('origin');
  });
});
