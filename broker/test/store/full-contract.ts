import type { Store } from '../../src/store/store.ts';
import { mqttContract } from './mqtt-contract.ts';
import { tablesContract } from './tables-contract.ts';

/** A store under test and a way to close it and see what a restart would. */
export interface Harness extends AsyncDisposable {
  readonly store: Store;
  reopen(): Promise<Store>;
}

/** What every store promises beyond `contract.ts`: tables, sharing, long names, many sessions. */
export function fullContract(name: string, open: () => Promise<Harness>): void {
  describe(`a ${name} store in full`, () => {
    mqttContract(open);
    tablesContract(open);
  });
}
