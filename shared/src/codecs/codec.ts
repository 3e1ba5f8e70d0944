import type { ZodMiniType } from 'zod/mini';

/** Both directions of one payload format. */
export interface Codec<Value> {
  /** MIME type, as in MQTT 5's Content Type and HTTP. */
  readonly contentType: string;
  /** What the payload must be, for documents; without it any payload of the content type. */
  readonly schema?: ZodMiniType;
  /** @throws ParleyError `payload-invalid` when the value has no form in this codec */
  encode(value: Value): Uint8Array;
  /** @throws ParleyError `payload-invalid` naming what is wrong */
  decode(bytes: Uint8Array): Value;
}
