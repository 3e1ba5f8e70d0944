export { asyncApi } from './http/asyncapi.ts';
export { startHub } from './hub.ts';
export type { Hub, HubExtras, Ports } from './hub.ts';
export { flagOf, optionTable, variableOf } from './options/table.ts';
export type { HubOptions, OptionKey, OptionRow } from './options/table.ts';
