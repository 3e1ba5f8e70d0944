import { createData, MemoryStore } from '../../src/store/memory.ts';
import { storeContract } from './contract.ts';
import { fullContract } from './full-contract.ts';

storeContract('memory', () => {
  const data = createData();
  return Promise.resolve({
    open: () => Promise.resolve(new MemoryStore(data)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

fullContract('memory', () => {
  const data = createData();
  return Promise.resolve({
    store: new MemoryStore(data),
    reopen: () => Promise.resolve(new MemoryStore(data)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});
