import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParleyError } from '@parley/shared';
import { expect } from 'chai';
import { rawFromObject, resolveOptions } from '../src/options/resolve.ts';
import { fromEnvironment, fromFile, fromFlags, merge } from '../src/options/sources.ts';

const none = new Map();

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(ParleyError).with.property('code', 'option-invalid');
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('options', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'parley-options-'))));
  after(() => rmSync(folder, { recursive: true }));

  const file = (content: string): string => {
    const path = join(folder, 'parley.yaml');
    writeFileSync(path, content);
    return path;
  };

  it('have the documented defaults', () => {
    const options = resolveOptions(none);

    expect(options).to.include({ host: '127.0.0.1', mqttPort: 1883, httpPort: 8080, maxPacketBytes: 1_048_576 });
    expect(Object.isFrozen(options)).to.equal(true);
  });

  it('come from flags over environment over file', () => {
    const options = resolveOptions(
      merge(
        fromFlags({ mqttPort: '1' }),
        fromEnvironment({ PARLEY_MQTT_PORT: '2', PARLEY_HTTP_PORT: '3' }),
        fromFile(file('mqttPort: 4\nhttpPort: 5\nhost: 0.0.0.0\n')),
      ),
    );

    expect(options).to.include({ mqttPort: 1, httpPort: 3, host: '0.0.0.0' });
  });

  it('take sizes with units, off, and lists', () => {
    const options = resolveOptions(
      rawFromObject({ maxPacketBytes: '2 MiB', mqttsPort: 'off', allowedOrigins: 'http://a:1,https://b' }, 'test'),
    );

    expect(options.maxPacketBytes).to.equal(2 * 1024 ** 2);
    expect(options.allowedOrigins).to.deep.equal(['http://a:1', 'https://b']);
  });

  for (const [what, given, message] of [
    ['an unknown key', { mqttport: 1 }, 'option mqttport (test) is unknown; did you mean mqttPort?'],
    ['a prototype name', { constructor: 1 }, 'option constructor (test) is unknown'],
    [
      'a port out of range',
      { mqttPort: 70_000 },
      'option mqttPort (test) takes 0 to 65535; 0 picks a free port, not 70000',
    ],
    [
      'text for a number',
      { httpPort: 'http' },
      'option httpPort (test) takes 0 to 65535; 0 picks a free port, not "http"',
    ],
    ['an empty host', { host: '' }, 'option host (test) takes an address or host name, not ""'],
    ['an origin with a path', { allowedOrigins: ['http://a/b'] }, 'option allowedOrigins (test) takes origins'],
    ['a size without sense', { maxPacketBytes: '1 parsec' }, 'option maxPacketBytes (test) takes'],
    ['a certificate without its key', { tlsCert: 'a.pem' }, 'options tlsCert and tlsKey go together'],
    ['TLS without a certificate', { mqttsPort: 8883 }, 'option mqttsPort needs tlsCert and tlsKey'],
  ] as const) {
    it(`refuse ${what} in one line that names it`, () => {
      const said = refusal(() => resolveOptions(rawFromObject(given, 'test')));

      expect(said).to.include(message);
      expect(said).not.to.include('\n');
    });
  }

  it('refuse an unknown variable, but not what Kubernetes adds for a service of that name', () => {
    const links = {
      PARLEY_SERVICE_HOST: '10.0.0.1',
      PARLEY_PORT: 'tcp://10.0.0.1:80',
      PARLEY_PORT_80_TCP_ADDR: '10.0.0.1',
    };

    resolveOptions(fromEnvironment(links));
    const said = refusal(() => resolveOptions(fromEnvironment({ PARLEY_MQTTPORT: '1' })));

    expect(said).to.include('PARLEY_MQTTPORT');
  });

  it('refuse a file that is missing, broken or no map, in one line', () => {
    const said = [
      refusal(() => fromFile(join(folder, 'none.yaml'))),
      refusal(() => fromFile(file('a: [1'))),
      refusal(() => fromFile(file('- 1'))),
    ];

    expect(said[0]).to.include('no such file');
    expect(said[2]).to.include('is not a map of options');
    expect(said.join('')).not.to.include('\n');
  });
});
