import { expect } from 'chai';
import { read } from './support.ts';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('package-lock.json', () => {
  it('names the binaries of every platform: npm 11 refuses `npm ci` when one is missing', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

    // npm leaves out what the registry of the machine that wrote the file did not have.
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    );

    expect(missing).to.deep.equal([]);
  });
});
