import { optionTable, variableOf } from '@parley/broker';
import type { OptionKey } from '@parley/broker';
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { parse } from 'yaml';
import { read } from './support.ts';

interface Service {
  readonly build?: string | { readonly target?: string };
  readonly command?: readonly string[];
  readonly depends_on?: Record<string, { condition: string }>;
  readonly environment?: Record<string, string>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes?: Record<string, unknown>;
}

const compose = parse(read('docker-compose.yml')) as Compose;
const override = parse(read('compose.dev.yml')) as Compose;
const dockerfile = read('Dockerfile');

/** The arguments of the last such instruction in the final stage, when they are in exec form. */
function exec(text: string): string[] {
  return JSON.parse(/\[.*\]/s.exec(text)![0]) as string[];
}

describe('docker-compose.yml', () => {
  const { hub, simulator } = compose.services;

  it('runs the hub with its ports, a volume and a check of its health', () => {
    expect(hub!.ports).to.deep.equal(['1883:1883', '8080:8080']);
    expect(hub!.volumes).to.deep.equal(['data:/data']);
    expect(compose.volumes).to.have.keys('data');
    expect(hub!.healthcheck!.test!.join(' ')).to.include('/readyz');
  });

  it('asks people and devices to sign in, unless it is told that names are claims', () => {
    expect(hub!.environment).to.include({ PARLEY_AUTH: '${PARLEY_AUTH:-accounts}' });
  });

  it('adds the simulated home with the profile demo, once the hub is ready', () => {
    expect(simulator!.profiles).to.deep.equal(['demo']);
    expect(simulator!.depends_on).to.deep.equal({ hub: { condition: 'service_healthy' } });
    expect(existsSync(simulator!.command![1]!)).to.equal(true);
    expect(simulator!.command!.slice(2)).to.deep.equal([
      'run',
      'home',
      '--url',
      'mqtt://hub:1883',
      '--url',
      'ws://hub:8080/mqtt',
    ]);
  });

  it('is overridden for development with sources that exist, mounted into the stage that has the tools', () => {
    for (const { build, volumes } of Object.values(override.services)) {
      expect(build).to.include({ target: 'build' });
      for (const volume of volumes!) expect(existsSync(volume.split(':', 1)[0]!), volume).to.equal(true);
    }
    for (const part of override.services['hub']!.command!.filter((one) => /^(?:broker|node_modules)\//.test(one))) {
      expect(existsSync(part), part).to.equal(true);
    }
  });
});

describe('the Dockerfile', () => {
  const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  it('ends in a stage that is not root, has a check of its health and stops on SIGTERM', () => {
    expect(final).to.match(/^USER node$/m);
    expect(final).to.match(/^HEALTHCHECK .*\n\s+CMD \["node", /m);
    expect(final).to.match(/^STOPSIGNAL SIGTERM$/m);
    expect(final).to.match(/^VOLUME \/data$/m);
    expect(final).to.match(/^EXPOSE 1883 8080$/m);
  });

  it('runs a file that is there, without a shell in between', () => {
    const [program, file, command] = exec(/^CMD .*$/m.exec(final)![0]);

    expect([program, command]).to.deep.equal(['node', 'start']);
    expect(existsSync(file!)).to.equal(true);
  });

  it('copies only files that the build leaves or that are committed', () => {
    const copied = [...final.matchAll(/^COPY --from=build \/app\/(\S+) \S+$/gm)].map(([, path]) => path!);

    expect(copied).to.include.members([
      'shared/dist',
      'broker/bin',
      'broker/dist',
      'web-client/dist',
      'device-sim/bin',
    ]);
    for (const path of copied.filter((one) => !one.endsWith('/dist'))) expect(existsSync(path), path).to.equal(true);
  });
});

describe('container settings', () => {
  it('name no option that the hub does not know: it would not start', () => {
    const given = [dockerfile, read('docker-compose.yml'), read('compose.dev.yml')].join('\n').match(/PARLEY_[A-Z_]+/g);
    const known = (Object.keys(optionTable) as OptionKey[]).map(variableOf);

    expect(given).to.not.equal(null);
    expect(known).to.include.members([...new Set(given)]);
  });
});
