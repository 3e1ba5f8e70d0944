import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';

const source = new URL('../src/', import.meta.url);
const allowed = new Set(['zod/mini', 'cborg']);
/** Projects of their own, for one runtime each and for MQTT.js. */
const platforms = /^client[/\\](?:node|browser|mqtt)[/\\]/;

/** Every module that a file names, with `from`, as a bare import or in `import()`. */
function imports(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name!);
}

describe('shared', () => {
  it('imports nothing but its own files, zod/mini and cborg, so that it runs in Node and browsers alike', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !platforms.test(file),
    );
    const foreign = files.flatMap((file) =>
      imports(readFileSync(new URL(file, source), 'utf8'))
        .filter((name) => !name.startsWith('.') && !allowed.has(name))
        .map((name) => `${file}: ${name}`),
    );

    expect(files).to.have.length.above(10);
    expect(foreign).to.deep.equal([]);
  });
});
