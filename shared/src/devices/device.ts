import * as z from 'zod/mini';
import { isJsonObject, tryJson } from '../codecs/json.ts';
import { checked, jsonOf, jsonValue } from '../codecs/schema.ts';
import { text } from '../codecs/text.ts';
import type { Codec } from '../codecs/codec.ts';
import { ParleyError } from '../errors.ts';
import { levelShape } from '../topics/names.ts';

export type DeviceStatus = 'online' | 'offline';

/** `online` or `offline` as plain text, so that a will can carry it. */
export const statusCodec: Codec<DeviceStatus> = {
  contentType: text.contentType,
  schema: z.enum(['online', 'offline']),
  encode: (status) => text.encode(status),
  decode: (bytes) => {
    const status = text.decode(bytes);
    if (status === 'online' || status === 'offline') return status;
    throw new ParleyError('payload-invalid', 'device status is neither online nor offline');
  },
};

/** What a device receives on `devices/<device>/commands/<command>`. */
export const commandSchema = z.object({
  id: z.string().check(z.regex(levelShape, 'expected 1 to 128 characters that fit one topic level')),
  args: jsonValue,
});
export type Command = z.infer<typeof commandSchema>;
export const commandCodec = jsonOf(commandSchema, 'command');

/** What a device answers on `devices/<device>/replies/<id>`. */
export const replySchema = z.union([
  z.object({ ok: z.literal(true), result: z.optional(jsonValue) }),
  z.object({ ok: z.literal(false), error: z.string() }),
  z.object({ progress: z.number().check(z.minimum(0), z.maximum(1)) }),
]);
export type Reply = z.infer<typeof replySchema>;
export const replyCodec = jsonOf(replySchema, 'reply');

/** What an MQTT request carries: the matching GET's path and query values, and an `id` for the answer. */
export const requestCodec = jsonOf(z.looseObject({ id: z.optional(z.string()) }), 'request');

/**
 * A command as every device receives it, from whatever was published (PRODUCT.md §3): `{ id, args }`, where an object
 * without `args` is the args, nothing is `{}`, and `makeId` names what came without an id.
 * @throws ParleyError `payload-invalid`
 */
export function normaliseCommand(payload: Uint8Array, makeId: () => string): Command {
  const source = text.decode(payload).trim();
  const value = source === '' ? {} : tryJson(source);
  // Not JSON is a command too: `mosquitto_pub -m on`.
  if (value === undefined) return { id: makeId(), args: source };
  if (!isJsonObject(value)) return checked(commandSchema, { id: makeId(), args: value }, 'command');
  const { id = makeId(), args, ...rest } = value;
  return checked(commandSchema, { id, args: args === undefined ? rest : args }, 'command');
}
