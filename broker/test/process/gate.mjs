// Loaded before the hub: reads its code ahead, which takes most of a start, and lets it begin at a word on standard input.
await import('../../dist/index.js');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.unref();
