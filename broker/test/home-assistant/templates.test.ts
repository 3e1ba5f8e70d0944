import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { discoveryOf, normaliseCommand } from '@parley/shared';
import type { About } from '@parley/shared';

const script = fileURLToPath(new URL('render.py', import.meta.url));

/** What Home Assistant makes of each template and payload, by Debian's Jinja 2. */
function render(...cases: readonly (readonly [template: unknown, payload: unknown])[]): string[] {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [script], { input: JSON.stringify(cases) });
  expect(status, stderr.toString()).to.equal(0);
  return JSON.parse(stdout.toString()) as string[];
}

function configOf(about: Partial<About>, component: string): Record<string, unknown> {
  const messages = discoveryOf('d', { model: 'x', metrics: {}, commands: {}, ...about }, '1');
  const found = messages.find(({ topic }) => topic.startsWith(`homeassistant/${component}/`))!;
  return JSON.parse(Buffer.from(found.payload).toString()) as Record<string, unknown>;
}

/** The template of a command that takes one value. */
function set(component: string, schema: object): unknown {
  const commands = { set: { args: { type: 'object', properties: { it: schema } } } } as unknown as About['commands'];
  return configOf({ commands }, component)['command_template'];
}

describe('templates for Home Assistant', function () {
  this.timeout(20_000);

  it('find a metric in every form of telemetry', () => {
    const { value_template: template } = configOf({ metrics: { temperature: { unit: 'Cel' } } }, 'sensor');
    const cases = [
      ['{"temperature":21.5}', '21.5'],
      ['{"temperature":0}', '0'],
      ['{"humidity":40}', ''],
      ['[{"n":"temperature","u":"Cel","v":21.5}]', '21.5'],
      ['[{"bn":"urn:dev:ow:10e2073a01080063:","n":"temperature","v":23.1},{"n":"humidity","v":67}]', '23.1'],
      ['[{"bn":"oven/","n":"humidity","v":67},{"n":"temperature","v":1},{"n":"temperature","v":2}]', '2'],
      ['[{"bn":"temperature","bv":20,"v":1.5}]', '21.5'],
      ['[{"n":"temperatures","v":1}]', ''],
      ['[]', ''],
      ['"text"', ''],
      ['[1,null]', ''],
      ['7', ''],
      ['not json', ''],
    ] as const;

    const rendered = render(...cases.map(([payload]) => [template, payload] as const));

    expect(rendered).to.deep.equal(cases.map(([, expected]) => expected));
  });

  it('say on and off for booleans and numbers, and nothing for what is missing', () => {
    const { value_template: template } = configOf({ metrics: { open: { class: 'door' } } }, 'binary_sensor');
    const payloads = ['{"open":true}', '{"open":false}', '{"open":1}', '[{"n":"open","vb":false}]', '{}'];

    expect(render(...payloads.map((payload) => [template, payload] as const))).to.deep.equal([
      'on',
      'off',
      'on',
      'off',
      '',
    ]);
  });

  it('make commands of the one form', () => {
    const rendered = render(
      [set('number', { type: 'number' }), 21.5],
      [set('number', { type: 'integer' }), 21.0],
      [set('select', { enum: ['eco', 'a "b"'] }), 'a "b"'],
      [set('text', { type: 'string' }), 'say "{{ 7*7 }}" \\ ü\n'],
    );

    const args = rendered.map((payload) => normaliseCommand(Buffer.from(payload), () => 'id').args);
    expect(args).to.deep.equal([{ it: 21.5 }, { it: 21 }, { it: 'a "b"' }, { it: 'say "{{ 7*7 }}" \\ ü\n' }]);
  });
});
