/** Runs in the browser: puts one element on an empty page, with what a test looks at. */
import '../../src/elements/chart/chart.ts';
import '../../src/elements/command/command.ts';
import '../../src/elements/device-card/device-card.ts';
import '../../src/elements/device-grid/device-grid.ts';
import '../../src/elements/publish/publish.ts';
import '../../src/elements/purge/purge.ts';
import '../../src/elements/topic-message/topic-message.ts';
import '../../src/elements/topic-tree/topic-tree.ts';
import '../../src/elements/vital/vital.ts';
import { TopicTree } from '../../src/state/topics/tree.ts';

const hostile = '<img src=x onerror=alert(1)>\u202e';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function put<Name extends keyof HTMLElementTagNameMap>(name: Name, values: Partial<HTMLElementTagNameMap[Name]>): void {
  const element = Object.assign(document.createElement(name), values);
  document.body.replaceChildren(element);
}

/** A room of one height, as the page gives it: what is in it scrolls by itself. */
function scrolled(): void {
  document.body.style.cssText = 'margin: 0; height: 600px; display: grid; grid-template-rows: minmax(0, 1fr)';
}

function treeOf(topics: readonly string[], payload = '{"a":1}'): TopicTree {
  const tree = new TopicTree();
  topics.forEach((topic, at) =>
    tree.add({ topic, payload: bytes(payload), qos: 1, retain: at % 2 === 0, key: at, at: Date.now() }),
  );
  return tree;
}

const device = {
  name: 'lamp-1',
  status: 'online' as const,
  about: { model: hostile, metrics: { power: {} }, commands: {} },
  series: [{ metric: hostile, unit: 'W', value: 123_456_789, at: Date.now(), points: [] }],
  sent: {},
};

const scenes = {
  tree: () => {
    scrolled();
    put('parley-topic-tree', { tree: treeOf(Array.from({ length: 10_000 }, (_, at) => `plant/${at}`)) });
  },
  hostileTree: () => put('parley-topic-tree', { tree: treeOf([hostile, '__proto__/x', 'a//b']) }),
  message: () => {
    const tree = treeOf(['plant/a', 'plant/a']);
    put('parley-topic-message', { record: tree.get('plant/a')! });
  },
  chart: () =>
    put('parley-chart', {
      label: 'Power',
      data: { at: [1000, 2000, 3000], value: [1, null, 3], min: [0, null, 2], max: [2, null, 4] },
    }),
  emptyChart: () => put('parley-chart', { label: 'Power' }),
  purge: () =>
    put('parley-purge', { filter: 'plant/#', find: (filter) => (filter === 'plant/#' ? ['plant/a', hostile] : []) }),
  publish: () => put('parley-publish', { draft: { topic: 'plant/a', payload: 'on', retain: true } }),
  command: () =>
    put('parley-command', {
      name: 'set',
      schema: { type: 'object', properties: { on: { type: 'boolean' } } },
      sent: {
        id: '1',
        command: 'set',
        args: {},
        at: Date.now(),
        reply: { ok: true, result: { on: true } },
        repliedAt: Date.now(),
      },
    }),
  card: () => put('parley-device-card', { device }),
  grid: () => {
    scrolled();
    put('parley-device-grid', {
      devices: Array.from({ length: 3000 }, (_, at) => ({ ...device, name: `unit-${at}` })),
    });
  },
  vital: () =>
    put('parley-vital', {
      vital: {
        key: 'in',
        name: 'Messages in',
        about: '',
        measure: 'byteRate',
        points: [
          { at: 1, value: 4096 },
          { at: 2, value: 2_000_000 },
        ],
      },
    }),
};

export type Scene = keyof typeof scenes;

Object.assign(globalThis, {
  show: (scene: Scene) => scenes[scene](),
  heard: [] as string[],
});
for (const type of ['parley-select-topic', 'parley-choose-view', 'parley-purge', 'parley-command', 'parley-zoom']) {
  document.addEventListener(type, () => (globalThis as unknown as { heard: string[] }).heard.push(type));
}
