import type { Terms } from './rule.ts';

/**
 * Rows of alerts:
 * - `alerts` [rule] → {@link RuleRow}
 * - `alert-states` [rule, device] → {@link StateRow}, while there is something to remember
 */
export const ALERTS = 'alerts';
export const STATES = 'alert-states';

export type RuleRow = Terms & {
  /** Made anew with every change: states and notices of another life are not of this rule. */
  readonly life: string;
  readonly by: string;
  /** ms since the Unix epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type StateRow = {
  readonly life: string;
  /** How often it was raised; with the life it names the notices. */
  readonly episode: number;
  /** Written in the commit of the notice that says so. */
  readonly raised: boolean;
  /** When it was raised; else since when it holds, or when the device was last heard. ms since the Unix epoch. */
  readonly since?: number | undefined;
};
