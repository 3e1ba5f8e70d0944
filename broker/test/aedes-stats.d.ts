/** aedes-stats has no types of its own. */
declare module 'aedes-stats' {
  import type { Aedes } from 'aedes';
  /** Publishes what it counts below `$SYS/<aedes.id>/`, retained, every `interval` ms until Aedes is closed. */
  export default function stats(aedes: Aedes, options?: { interval?: number }): void;
}
