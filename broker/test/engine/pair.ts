import type { TestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';

/** Two who have nothing to do with what else goes on, and notice when the hub does not serve them. */
export async function innocentPair(hub: TestHub) {
  const [ana, ben] = await Promise.all([hub.client('innocent-ana'), hub.client('innocent-ben')]);
  const received = await follow(ben, 'innocent/words', { qos: 1, ms: 10_000 });
  let said = 0;
  /** Says the next word and waits until the other has heard exactly that one; returns how long it took, in ms. */
  const chat = async (): Promise<number> => {
    const word = `word ${++said}`;
    const started = performance.now();
    await ana.publishAsync('innocent/words', word, { qos: 1 });
    const heard = (await received.next()).text();
    if (heard !== word) throw new Error(`heard ${heard}, not ${word}`);
    return performance.now() - started;
  };
  return { chat };
}
