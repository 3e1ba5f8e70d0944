import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../docs/performance.md', import.meta.url);
const begin = '<!-- results: npm run bench -- --write -->';
const end = '<!-- end of results -->';

/** Replaces the results in docs/performance.md; what stands around them is written by hand. */
export function writeResults(text: string): void {
  const before = readFileSync(page, 'utf8');
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/performance.md has lost the marks around its results');
  writeFileSync(page, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}
