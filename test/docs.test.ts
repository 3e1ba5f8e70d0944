import { errorKinds } from '@parley/shared';
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
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

describe('the trees of files in docs/architecture.md', () => {
  const trees = Array.from(read('docs/architecture.md').matchAll(/```\n([a-z-]+\/src\/)\n(.*?)```/gs));

  for (const [, folder, tree] of trees as unknown as readonly (readonly [string, string, string])[]) {
    it(`names in ${folder} what is there, and every folder`, () => {
      const entries = readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true });
      const names = new Set(entries.map(({ name }) => name));
      const folders = readdirSync(new URL(folder, root), { withFileTypes: true }).filter((one) => one.isDirectory());

      const named = Array.from(tree.matchAll(/[\w./-]+\.ts\b|[\w-]+\/(?=\s)/g), ([path]) => basename(path));

      expect(named.filter((name) => !names.has(name))).to.deep.equal([]);
      expect(folders.filter(({ name }) => !tree.includes(`${name}/`)).map(({ name }) => name)).to.deep.equal([]);
    });
  }
});
