import { flagOf, optionTable, variableOf } from '@parley/broker';
import type { OptionRow } from '@parley/broker';
import { code, renderPage } from './table.ts';

/** docs/options.md, from the table that parses and checks them. */
export function renderOptions(): string {
  return renderPage({
    title: 'Options of the hub',
    intro: [
      'From `broker/src/options/table.ts`. Each option is a flag, an environment variable and a key of the config file (YAML or\nJSON, named by `--config` or `PARLEY_CONFIG`), in that order of precedence. An unknown key, a value that does not parse or\na contradiction stops the start with one line that names it.',
      '`npx parley config print` shows every option as it would be used, `npx parley config check` says whether they are valid.',
    ],
    columns: ['Key', 'Flag', 'Variable', 'Default', 'Takes', 'What'],
    rows: Object.entries(optionTable).map(([key, row]) => [
      code(key),
      code(`--${flagOf(key)}`),
      code(variableOf(key)),
      defaultOf(row),
      row.kind.takes,
      row.help,
    ]),
  });
}

function defaultOf({ default: standard }: OptionRow<unknown>): string {
  const none = standard === undefined || (Array.isArray(standard) && standard.length === 0);
  return none ? 'none' : code(typeof standard === 'string' ? standard : JSON.stringify(standard));
}
