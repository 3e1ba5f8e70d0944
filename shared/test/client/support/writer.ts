/** Writes values of growing size to one key and says which are stored, until it is killed. */
import { fileStorage } from '@parley/shared/client/node';

const storage = await fileStorage(process.argv[2]!);
for (let count = 1; ; count++) {
  await storage.set('outbox/ana/x', JSON.stringify({ count, filler: 'x'.repeat(count * 500) }));
  process.stdout.write(`${count}\n`);
}
