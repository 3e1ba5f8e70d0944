import { expect } from 'chai';
import { elsewhere, urlsFor } from '../src/commands/urls.ts';
import { transports } from '../src/scenario/schema.ts';

function all(...given: string[]): Record<string, string> {
  const urlOf = urlsFor(given);
  return Object.fromEntries(transports.map((transport) => [transport, urlOf(transport)]));
}

describe('where devices connect', () => {
  it('is a hub on this machine when nothing is said', () => {
    expect(all()).to.deep.equal({
      tcp: 'mqtt://127.0.0.1:1883',
      tls: 'mqtts://127.0.0.1:8883',
      ws: 'ws://127.0.0.1:8080/mqtt',
      wss: 'wss://127.0.0.1:8080/mqtt',
    });
  });

  it('is one address for every transport when one is given', () => {
    expect(new Set(Object.values(all('mqtt://10.0.0.5')))).to.deep.equal(new Set(['mqtt://10.0.0.5']));
    expect(all('wss://hub.example')).to.have.property('tcp', 'wss://hub.example/mqtt');
  });

  it('is its own address for each transport that has one', () => {
    const urls = all('mqtt://a:1', 'ws://a:2/path', 'mqtts://a:3');

    expect(urls).to.deep.equal({ tcp: 'mqtt://a:1', tls: 'mqtts://a:3', ws: 'ws://a:2/path', wss: 'mqtt://a:1' });
  });

  it('names the transports that go another way', () => {
    expect(elsewhere(['tcp', 'ws', 'ws', 'wss'], urlsFor(['mqtt://a', 'ws://a']))).to.deep.equal(['wss']);
    expect(elsewhere(['tcp', 'ws'], urlsFor([]))).to.deep.equal([]);
  });
});
