import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { ensureBuilt } from './support/page.ts';

const dist = new URL('../dist/', import.meta.url);

/** Kilobytes (1024) of a script as it goes over the wire. */
function sizeOf(path: string): number {
  return brotliCompressSync(readFileSync(new URL(`.${path}`, dist))).length / 1024;
}

describe('the first load', function () {
  this.timeout(60_000);

  it('of the chat view stays below 200 KiB of JavaScript', () => {
    ensureBuilt();
    const page = readFileSync(new URL('index.html', dist), 'utf8');
    const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!);

    const total = scripts.map(sizeOf).reduce((sum, size) => sum + size, 0);

    expect(scripts.length).to.be.greaterThan(0);
    expect(total).to.be.lessThan(200);
  });
});
