/** Writes the generated pages of docs/; test/docs.test.ts fails when they are not what this would write. */
import { writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';

for (const [file, render] of Object.entries(pages)) {
  writeFileSync(new URL(`../docs/${file}`, import.meta.url), render());
  console.log(`docs/${file}`);
}
