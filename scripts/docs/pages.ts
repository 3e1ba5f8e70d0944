import { asyncApi } from '@parley/broker';
import { scenarioJsonSchema } from '@parley/device-sim';
import { renderErrors } from './errors.ts';
import { renderOptions } from './options.ts';
import { renderTopics } from './topics.ts';

/** The generated pages: file below docs/, and what its text is. */
export const pages: Readonly<Record<string, () => string>> = {
  'topics.md': renderTopics,
  'errors.md': renderErrors,
  'options.md': renderOptions,
  'asyncapi.json': () => `${JSON.stringify(asyncApi(), null, 2)}\n`,
  '../device-sim/scenarios/schema.json': () => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
};
