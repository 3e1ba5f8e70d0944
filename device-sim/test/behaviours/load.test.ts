import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParleyError } from '@parley/shared';
import { loadBehaviour } from '../../src/behaviours/load.ts';
import { behaviours } from '../../src/behaviours/all.ts';
import { parleySim } from '../support/program.ts';
import { startTestHub } from '../support/hub.ts';

/** With types, and without any import: it stands outside the repository. */
const kettle = `
type State = { celsius: number; on: boolean };
export default ({ behaviour, round, z }: any) =>
  behaviour({
    model: 'Kettle',
    metrics: { temperature: { unit: '°C', min: 0, max: 100, class: 'temperature' } },
    commands: { boil: { args: z.strictObject({}), run: (state: State): State => ({ ...state, on: true }) } },
    initial: (): State => ({ celsius: 20, on: false }),
    tick: (state: State, { seconds }: { seconds: number }) => ({ ...state, celsius: Math.min(100, state.celsius + seconds) }),
    report: ({ on }: State) => ({ on }),
    readings: ({ celsius }: State) => ({ temperature: round(celsius, 1) }),
  });
`;

const plain = `{
  about: { model: 'Plain', metrics: { n: {} }, commands: {} },
  initial: () => ({ n: 0 }), tick: ({ n }) => ({ n: n + 1 }),
  command: () => { throw new Error('it takes none'); }, report: () => ({}), readings: ({ n }) => ({ n }),
}`;

describe('a behaviour of one’s own', function () {
  this.timeout(30_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-own-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return `./${name}`;
  };

  for (const [name, text, model] of [
    ['kettle.ts', kettle, 'Kettle'],
    ['plain.mjs', `export default ${plain};`, 'Plain'],
    ['plain.js', `export default ${plain};`, 'Plain'],
    ['plain.cjs', `module.exports = ${plain};`, 'Plain'],
    ['plain.mts', `export default ${plain};`, 'Plain'],
  ] as const) {
    it(`is read from ${name}`, async () => {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      const { about } = await loadBehaviour(file(name, text), folder);

      expect(about.model).to.equal(model);
    });
  }

  for (const [mistake, name, text, complaint] of [
    ['is not there', 'none.ts', undefined, /none\.ts/],
    ['does not parse', 'broken.ts', 'export default {', /broken\.ts/],
    ['exports nothing', 'empty.ts', 'export const x = 1;', /no default export|no behaviour/],
    ['lacks a function', 'half.ts', 'export default { about: {}, initial() {} }', /tick: expected a function/],
    ['throws', 'throws.ts', 'throw new Error("not today");', /not today/],
    [
      'reads what it does not announce',
      'more.ts',
      `export default ${plain.replace('({ n }) })', '({ n }) })').replace('readings: ({ n }) => ({ n })', 'readings: () => ({ m: 1 })')};`,
      /n is in one of about\.metrics and readings/,
    ],
  ] as const) {
    it(`that ${mistake} is named with its file, in one line`, async () => {
      if (text !== undefined) file(name, text);

      const error: unknown = await loadBehaviour(`./${name}`, folder).catch((reason: unknown) => reason);

      expect(error).to.be.instanceOf(ParleyError).and.have.property('code', 'scenario-invalid');
      expect(error)
        .to.have.property('message')
        .that.matches(complaint)
        .and.matches(/^[^\n]+$/);
    });
  }

  it('is a built-in one by its name', async () => {
    expect(await loadBehaviour('lamp', folder)).to.equal(behaviours.lamp);
  });

  it('runs from a scenario beside it, and answers', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/#');
    file('kettle.ts', kettle);
    const scenario = join(folder, 'kitchen.yaml');
    file('kitchen.yaml', 'groups: [{name: kettle, behaviour: ./kettle.ts, interval: 100ms}]');
    await using program = parleySim('run', scenario, '--url', hub.urls.tcp);

    await watcher.on('devices/kettle/status', 'online');
    const reply = await watcher.command('kettle', 'boil', {}, 'k');

    expect(reply).to.deep.equal({ ok: true, result: { on: true } });
    expect(program.error()).to.equal('');
  });
});
