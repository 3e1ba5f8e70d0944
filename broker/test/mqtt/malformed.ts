import { ackRows } from './corpus/acks.ts';
import type { MalformedRow } from './corpus/bytes.ts';
import { connectRows } from './corpus/connect.ts';
import { headerRows } from './corpus/headers.ts';
import { propertyRows } from './corpus/properties.ts';
import { publishRows } from './corpus/publish.ts';
import { subscribeRows } from './corpus/subscribe.ts';
import { textRows } from './corpus/text.ts';

export { connect, type MalformedRow } from './corpus/bytes.ts';

/** Bytes that must be refused, per packet type and version; sizes assume a `maxPacketBytes` below 256 MiB. */
export const malformed: readonly MalformedRow[] = [
  ...headerRows(),
  ...connectRows(),
  ...publishRows(),
  ...subscribeRows(),
  ...ackRows(),
  ...propertyRows(),
  ...textRows(),
];
