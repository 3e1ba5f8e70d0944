import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/conformance.md', root), 'utf8');
const rows = [...page.matchAll(/^\| (MQTT-[\d.]+-\d+) +\| (.+?) +\| (.+?) +\|$/gm)];

/** Where a path of the page is: below `broker/src`, or below the repository where it says so. */
function exists(path: string): boolean {
  return existsSync(new URL(`broker/src/${path}`, root)) || existsSync(new URL(path, root));
}

/** Numbers below the highest of their section that have no row. */
function gaps(statements: readonly RegExpExecArray[]): string[] {
  const bySection = new Map<string, RegExpExecArray[]>();
  for (const one of statements) bySection.set(one[1]!, [...(bySection.get(one[1]!) ?? []), one]);
  return [...bySection].flatMap(([section, list]) => {
    const numbers = new Set(list.map(([, , number]) => Number(number)));
    const all = Array.from({ length: Math.max(...numbers) }, (_, at) => at + 1);
    return all.filter((number) => !numbers.has(number)).map((number) => `${section}-${number}`);
  });
}

describe('docs/conformance.md', () => {
  it('leaves no number out within a section of either specification', () => {
    const missing = page.split('## MQTT 5.0').flatMap((part) => gaps([...part.matchAll(/^\| MQTT-([\d.]+)-(\d+)/gm)]));

    // MQTT 5.0 itself has no [MQTT-2.2.1-1].
    expect(missing).to.deep.equal(['2.2.1-1']);
  });

  it('names only files that exist', () => {
    const paths = [...page.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path]) => path!);

    expect(paths.length).to.be.greaterThan(300);
    expect(paths.filter((path) => !exists(path))).to.deep.equal([]);
  });

  it('names only functions that their file has', () => {
    const named = [...page.matchAll(/`([\w./-]+\.ts)` \(((?:`#?\w+`(?:, )?)+)\)/g)];
    const missing = named.flatMap(([, path, list]) => {
      const source = readFileSync(fileURLToPath(new URL(`broker/src/${path}`, root)), 'utf8');
      return [...list!.matchAll(/`(#?\w+)`/g)]
        .filter(([, name]) => !source.includes(`${name}(`))
        .map(([, name]) => `${path} ${name}`);
    });

    expect(named.length).to.be.greaterThan(30);
    expect(missing).to.deep.equal([]);
  });

  it('gives each row a file or a reason', () => {
    const bare = rows.filter(([, , , where]) => !/\.ts`|^not |all are|a rule for/.test(where!));

    expect(rows.length).to.be.greaterThan(380);
    expect(bare.map(([row]) => row)).to.deep.equal([]);
  });
});
