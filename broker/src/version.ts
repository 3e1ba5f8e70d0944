import { createRequire } from 'node:module';

/** Of the package, at the same place from src/ and from dist/. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
