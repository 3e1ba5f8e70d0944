import { expect } from 'chai';
import { until } from '../support/until.ts';
import { seededRandom } from '../store/random.ts';
import { temporaryDirectory } from '../store/temporary.ts';
import { Campaign } from './campaign.ts';
import { checkDeliveries, isDelivered } from './deliveries.ts';
import { checkRetained } from './retained.ts';

const KILLS = Number(process.env.PARLEY_HUB_KILLS ?? 10);
const SEED = Number(process.env.PARLEY_SEED ?? 1);
const SPAN = 12_000;
const DRAIN_MS = 120_000;

describe(`a hub that is killed ${KILLS} times (PARLEY_SEED=${SEED})`, () => {
  it('loses nothing it acknowledged, doubles nothing at QoS 2, and keeps every order', async function () {
    this.timeout(180_000 + KILLS * 20_000);
    await using place = await temporaryDirectory();
    const campaign = new Campaign({ directory: place.path, kills: KILLS, random: seededRandom(SEED), span: SPAN });
    const { fleet, chat } = campaign;
    try {
      const { mqtt, http } = await campaign.run();
      for (const history of chat) await history.readOn(http, fleet.chatters, 0);

      await until(() => isDelivered(fleet, chat), 'the last delivery', DRAIN_MS).catch(() => undefined);
      checkDeliveries(fleet, chat);
      await checkRetained(mqtt, fleet, true);
      expect(campaign.faults).to.deep.equal([]);
      for (const sender of fleet.chatters.keys()) {
        for (const history of chat) {
          const numbers = history.numbersOf(sender);
          expect(numbers, `${history.channel} of ${sender}`).to.deep.equal(numbers.toSorted((a, b) => a - b));
        }
      }
      this.test!.title += ` (${campaign.size})`;
    } finally {
      await campaign.end();
    }
  });
});
