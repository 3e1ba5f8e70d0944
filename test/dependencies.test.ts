import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { read } from './support.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly version?: string;
  readonly hasInstallScript?: boolean;
}

interface Sbom {
  readonly bomFormat: string;
  readonly components: readonly { readonly name: string; readonly group?: string; readonly version: string }[];
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

describe('dependencies', () => {
  it('run no code when they are installed: those with install scripts are named in allowScripts, and none is allowed', () => {
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
    const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));

    expect(Object.keys(allowScripts).toSorted()).to.deep.equal([...new Set(withScripts)].toSorted());
    expect(Object.values(allowScripts)).not.to.include(true);
  });

  // With --omit=dev npm 11 leaves out what a workspace needs and another only develops with, such as zod.
  it('of production are in the bill of materials that npm prints', async function () {
    this.timeout(60_000);
    const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 64 * 1024 ** 2 });
    const { bomFormat, components } = JSON.parse(stdout) as Sbom;
    const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
    const used = installed.filter(([, { dev, link, optional }]) => !dev && !link && !optional);
    const missing = used.map(([path, { version }]) => `${nameOf(path)}@${version}`).filter((one) => !listed.has(one));

    expect(bomFormat).to.equal('CycloneDX');
    expect(missing).to.deep.equal([]);
  });
});
