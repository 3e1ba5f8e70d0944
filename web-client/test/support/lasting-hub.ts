import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';

/** Below the ports that a system gives out by itself: while the hub is away nobody gets its own. */
const [FIRST, LAST] = [20_000, 32_000];

/** A hub that can be started again on the ports it had. */
export async function startLastingHub(): Promise<TestHub> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startTestHub({ mqttPort: somePort(), httpPort: somePort() });
    } catch (error) {
      // Somebody else has one of the two.
      if (attempt === 20) throw error;
    }
  }
}

function somePort(): number {
  return FIRST + Math.floor(Math.random() * (LAST - FIRST));
}
