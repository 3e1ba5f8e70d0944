import { errorKinds } from '@parley/shared';
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { pages } from '../scripts/docs/pages.ts';
import { read } from './support.ts';

const root = new URL('../', import.meta.url);

/** The text of every source file of the packages, but for the registry itself. */
function sources(): string {
  const files = ['shared', 'broker', 'device-sim', 'web-client'].flatMap((name) =>
    readdirSync(new URL(`${name}/src/`, root), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${name}/src/${file}`,
    ),
  );
  return files
    .filter((file) => file.endsWith('.ts') && file !== 'shared/src/errors.ts')
    .map(read)
    .join('\n');
}

describe('the generated pages', () => {
  for (const [file, render] of Object.entries(pages)) {
    it(`docs/${file} is what its table says; otherwise run: npm run docs`, () => {
      expect(read(`docs/${file}`)).to.equal(render());
    });
  }
});

describe('the registry of errors', () => {
  it('has no code that nothing uses', () => {
    const text = sources();

    // `internal` is given by `coded()`, in the registry's own file.
    const unused = Object.keys(errorKinds).filter((code) => code !== 'internal' && !text.includes(`'${code}'`));

    expect(unused).to.deep.equal([]);
  });
});
