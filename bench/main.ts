/** Every target of the engine, measured beside Mosquitto: `npm run bench -- --help`. Method: docs/performance.md. */
import { writeFileSync } from 'node:fs';
import { machineFacts } from './machine.ts';
import { readOptions, usage } from './options.ts';
import type { BenchOptions } from './options.ts';
import { writeResults } from './page.ts';
import { notes, table } from './report.ts';
import { measure } from './run.ts';
import { summarise } from './summary.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else await bench(options);
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
// A load process that hangs keeps an IPC channel open.
process.exit();

async function bench(options: BenchOptions): Promise<void> {
  const facts = machineFacts(options.hub);
  const results = [];
  for await (const result of measure(options)) {
    results.push(result);
    console.log(
      table([summarise(result)])
        .split('\n')
        .at(-1),
    );
  }
  const summaries = results.map(summarise);
  const list = Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`);
  const text = [...list, '', table(summaries), '', ...notes(summaries)].join('\n').trim();
  console.log(`\n${text}`);
  if (options.json) writeFileSync(options.json, JSON.stringify({ facts, results, summaries }, null, 2));
  if (options.write) writeResults(text);
}
