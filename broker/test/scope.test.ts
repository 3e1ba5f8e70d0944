import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { Scope } from '../src/scope.ts';

describe('a scope', () => {
  it('releases last in first out, once', async () => {
    const scope = new Scope();
    const released: number[] = [];
    scope.defer(() => void released.push(1));
    scope.defer(async () => void released.push(2));

    await Promise.all([scope.close(), scope.close()]);

    expect(released).to.deep.equal([2, 1]);
  });

  it('releases the rest when one release fails, and reports the failure', async () => {
    const scope = new Scope();
    let released = false;
    scope.defer(() => void (released = true));
    scope.defer(() => Promise.reject(new Error('stuck')));

    const failure: unknown = await scope.close().catch((error: unknown) => error);

    expect(released).to.equal(true);
    expect((failure as AggregateError).errors.map(String)).to.deep.equal(['Error: stuck']);
  });

  it('aborts its signal and stops listening', async () => {
    const scope = new Scope();
    const emitter = new EventEmitter();
    scope.on(emitter, 'news', () => {});

    await scope.close();

    expect(scope.signal.aborted).to.equal(true);
    expect(emitter.listenerCount('news')).to.equal(0);
  });
});
