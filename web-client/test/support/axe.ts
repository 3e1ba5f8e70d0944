import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Advice beyond WCAG that the page does not follow yet: on a phone, list and details stand alone, without `main`. */
const NOT_YET = ['landmark-one-main', 'page-has-heading-one'];

/** What axe finds wrong on a page as it stands, one line each: rule, element, why. */
export async function violations(page: Page): Promise<string[]> {
  // By evaluation, as the policy of the page lets no foreign script in.
  await page.evaluate(`if (!globalThis.axe) { ${axe.source} }`);
  const rules = Object.fromEntries(NOT_YET.map((rule) => [rule, { enabled: false }]));
  const options = { runOnly: { type: 'tag', values: TAGS }, rules, resultTypes: ['violations'] };
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.flat().join(' > ')}: ${reason(failureSummary)}`),
  );
}

function reason(summary = ''): string {
  return summary.split('\n').slice(1, 3).join(' ').trim();
}
