import * as z from 'zod/mini';
import { jsonOf } from '../codecs/schema.ts';
import { draftSchema, entryKinds, ulidSchema } from './draft.ts';

/** Safe integer from 1: a position in a channel's log. */
const seq = z.int().check(z.minimum(1));
/** Milliseconds since the Unix epoch, by the hub's clock. */
const timestamp = z.int().check(z.minimum(0));

/** A stamped entry, as the hub publishes it and as the log keeps it. Unknown keys of a newer hub are passed over. */
export const entrySchema = z.object({
  id: ulidSchema,
  seq,
  at: timestamp,
  from: z.string(),
  kind: z.enum(entryKinds),
  text: draftSchema.shape.text,
  replyTo: draftSchema.shape.replyTo,
  target: draftSchema.shape.target,
  data: draftSchema.shape.data,
});
export type Entry = z.infer<typeof entrySchema>;

/** A page of a channel's log: the answer of `GET /api/channels/:channel/messages`. */
export const pageSchema = z.object({
  entries: z.array(entrySchema),
  /** The newest `seq` of the log, 0 when it is empty. */
  lastSeq: z.int().check(z.minimum(0)),
  /** The log's life; positions of another log mean nothing here. */
  log: ulidSchema,
  /** True when retention has passed what was asked for. */
  limited: z.boolean(),
  /** When asked for: edits of and reactions to entries of the page that come after it, in their order. */
  changes: z.optional(z.array(entrySchema)),
});
export type Page = z.infer<typeof pageSchema>;

/** Retained on `channels/<channel>`. */
export const channelSchema = z.object({
  name: z.string(),
  topic: z.string(),
  private: z.boolean(),
  log: ulidSchema,
  createdAt: timestamp,
  lastSeq: z.int().check(z.minimum(0)),
  /** As it is shown, where that is not its name. */
  display: z.optional(z.string()),
});
export type Channel = z.infer<typeof channelSchema>;

/** Retained on `presence/<name>`. */
export const presenceSchema = z.object({
  status: z.enum(['online', 'away', 'offline']),
  at: timestamp,
  connections: z.int().check(z.minimum(0)),
});
export type Presence = z.infer<typeof presenceSchema>;

/** Told on `users/<user>/channels/<channel>` to somebody who is no longer a member. */
const membershipSchema = z.object({ member: z.boolean() });

/** Published while someone writes, never stored. */
const typingSchema = z.object({ from: z.string(), at: timestamp });

/** Published to `hub/errors/<client>` for what was refused where the protocol has no refusal. */
const refusalSchema = z.object({ code: z.string(), message: z.string(), topic: z.string(), at: timestamp });
export type Refusal = z.infer<typeof refusalSchema>;

export const entryCodec = jsonOf(entrySchema, 'entry');
export const channelCodec = jsonOf(channelSchema, 'channel');
export const presenceCodec = jsonOf(presenceSchema, 'presence');
export const membershipCodec = jsonOf(membershipSchema, 'membership');
export const typingCodec = jsonOf(typingSchema, 'typing');
export const refusalCodec = jsonOf(refusalSchema, 'refusal');
export const readPositionCodec = jsonOf(z.int().check(z.minimum(0)), 'read position');
