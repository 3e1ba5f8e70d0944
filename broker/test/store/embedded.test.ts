import { openEmbeddedStore, type EmbeddedStore } from '../../src/store/embedded.ts';
import { storeContract } from './contract.ts';
import { fullContract } from './full-contract.ts';
import { temporaryDirectory } from './temporary.ts';

storeContract('embedded', async () => {
  const place = await temporaryDirectory();
  return {
    open: () => Promise.resolve(openEmbeddedStore({ directory: place.path })),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
});

fullContract('embedded', async () => {
  const place = await temporaryDirectory();
  const opened: EmbeddedStore[] = [openEmbeddedStore({ directory: place.path })];
  return {
    store: opened[0]!,
    reopen: async () => {
      await opened.at(-1)!.close();
      opened.push(openEmbeddedStore({ directory: place.path }));
      return opened.at(-1)!;
    },
    [Symbol.asyncDispose]: async () => {
      await opened.at(-1)!.close();
      await place[Symbol.asyncDispose]();
    },
  };
});
