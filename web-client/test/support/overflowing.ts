import type { Page } from 'playwright-core';

/** What sticks out of the window to the right, in every shadow root. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        const { right, width } = element.getBoundingClientRect();
        const isCut = getComputedStyle(element.parentElement ?? element).overflowX !== 'visible';
        if (width > 0 && right > innerWidth + 0.5 && !isCut)
          found.push(`${element.localName}.${element.className} ${right}`);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page itself');
    return found;
  });
}
