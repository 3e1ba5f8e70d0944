import { expect } from 'chai';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

describe('elements of the areas, each alone in Chromium', function () {
  this.timeout(90_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage();
  });
  afterEach(() => expect(stage.problems).to.deep.equal([]));
  after(() => stage[Symbol.asyncDispose]());

  it('a tree of 10 000 topics draws what is seen, and tells which topic is chosen', async () => {
    const { page } = stage;
    await stage.show('tree');
    await page.getByRole('treeitem').first().waitFor();

    await page.getByRole('tree').focus();
    await page.keyboard.press('End');
    await page.locator('[title="plant/9999"]').click();

    expect(await stage.heard()).to.deep.equal(['parley-select-topic']);
    expect(await page.getByRole('treeitem').count()).to.be.within(5, 80);
  });

  it('a tree shows hostile names as they are written, and nothing turns around', async () => {
    await stage.show('hostileTree');
    const text = (await stage.page.locator('parley-topic-tree .tree').textContent())!;

    expect(text).to.include('<img src=x onerror=alert(1)>\\u202e');
    expect(text).to.include('__proto__').and.include('empty level').and.not.include('\u202e');
    expect(await stage.page.locator('img').count()).to.equal(0);
  });

  it('a message tells which view was chosen', async () => {
    const { page } = stage;
    await stage.show('message');
    await page.getByText('it reads as JSON').waitFor();

    await page.getByRole('button', { name: 'CBOR' }).click();

    expect(await stage.heard()).to.deep.equal(['parley-choose-view']);
  });

  it('a chart draws on a canvas, says in words what it shows, and tells what was drawn over it', async () => {
    const { page } = stage;
    await stage.show('chart');
    await page.getByRole('img', { name: 'Power: 2 points from 1 to 3, last 3' }).waitFor();
    await page.locator('canvas').waitFor();
    const box = (await page.locator('parley-chart').boundingBox())!;

    await page.mouse.move(box.x + 300, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + 600, box.y + 80, { steps: 3 });
    await page.mouse.up();

    await page.waitForFunction('globalThis.heard.includes("parley-zoom")');
    await stage.show('emptyChart');
    await page.getByText('No numbers in this time.').waitFor();
  });

  it('a purge asks twice before it tells', async () => {
    const { page } = stage;
    await stage.show('purge');

    await page.getByRole('button', { name: 'Clear 2 …' }).click();
    expect(await stage.heard()).to.deep.equal([]);
    await page.getByRole('textbox', { name: 'Topic filter' }).fill('other/#');
    await page.getByText('No retained message of this filter').waitFor();
    await page.getByRole('textbox', { name: 'Topic filter' }).fill('plant/#');
    await page.getByRole('button', { name: 'Clear 2 …' }).click();
    await page.getByRole('button', { name: 'Yes, clear 2' }).click();

    expect(await stage.heard()).to.deep.equal(['parley-purge']);
  });

  it('a publish form is filled from a draft', async () => {
    await stage.show('publish');
    const { page } = stage;

    expect(await page.getByLabel('Topic', { exact: true }).inputValue()).to.equal('plant/a');
    expect(await page.getByLabel('Retain').isChecked()).to.equal(true);
  });

  it('a command’s switch says On or Off, and its result is words', async () => {
    const { page } = stage;
    await stage.show('command');
    await page.getByText('Done: on').waitFor();
    await page.locator('.name', { hasText: 'Off' }).waitFor();

    await page.getByRole('switch', { name: 'On' }).click();

    expect(await stage.heard()).to.deep.equal(['parley-command']);
  });

  it('a card shows hostile names as text, and a large number whole', async () => {
    await stage.show('card');
    const text = (await stage.page.getByRole('article', { name: 'lamp-1' }).textContent())!;

    expect(text).to.match(/img src=x onerror=alert\(1\)>/i);
    expect(text).to.include('123.46M');
    expect(await stage.page.locator('img').count()).to.equal(0);
  });

  it('a grid of 3 000 devices makes only the cards that are near', async () => {
    const { page } = stage;
    await stage.show('grid');
    await page.getByRole('article', { name: 'unit-0' }).waitFor();

    await page.locator('parley-device-grid').evaluate((grid) => grid.scrollTo(0, 1e9));

    await page.getByRole('article', { name: 'unit-2999' }).waitFor();
    expect(await page.getByRole('article').count()).to.be.lessThan(80);
  });

  it('a number of the hub has its unit, and the most it was', async () => {
    await stage.show('vital');

    await stage.page.getByText('1.9 MiB/s').first().waitFor();
  });
});
