import type { Draft } from '@parley/shared';
import type { HubFacts } from '../link/api.ts';

/** Of an MQTT packet beside its payload: headers, packet id, a topic with two names, an id of the entry. */
const AROUND = 300;

/** Why the hub would refuse a draft for its length, for a person; undefined when it takes it. */
export function tooLong(draft: Partial<Draft>, facts: HubFacts | undefined): string | undefined {
  const characters = JSON.stringify(draft).length;
  const bytes = new TextEncoder().encode(JSON.stringify(draft)).length + AROUND;
  const { maxDraftCharacters = Infinity, maxPacketBytes = Infinity } = facts ?? {};
  if (characters <= maxDraftCharacters && bytes <= maxPacketBytes) return undefined;
  const most = Math.min(maxDraftCharacters, maxPacketBytes - AROUND);
  const by = Math.max(characters - maxDraftCharacters, bytes - maxPacketBytes);
  return `This is ${by.toLocaleString()} characters too long: the hub takes ${most.toLocaleString()}. Shorten it, or send it as a file.`;
}
