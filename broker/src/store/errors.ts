import { ParleyError } from '@parley/shared';

/** Why a store could not be opened, or could not keep something; what each means is in docs/errors.md. */
export type StoreErrorCode =
  | 'store-in-use'
  | 'store-access'
  | 'store-newer'
  | 'store-corrupt'
  | 'store-unfinished'
  | 'store-full'
  | 'store-write'
  | 'store-closed'
  | 'store-key'
  | 'backup-damaged'
  | 'backup-newer'
  | 'restore-not-empty';

export class StoreError extends ParleyError {
  declare readonly code: StoreErrorCode;
}
