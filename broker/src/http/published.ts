import { isUtf8 } from 'node:buffer';
import { ParleyError } from '@parley/shared';
import type { Message, Publishable } from '../mqtt/message.ts';
import type { MessageProperties, QoS } from '../mqtt/packets.ts';

/** A message as HTTP takes and gives it (PRODUCT.md §5): what `POST /api/publish` takes, an event carries. */
export interface Published {
  readonly topic: string;
  readonly payload?: string | undefined;
  /** How the payload is written; a given message is `utf8` whenever it can be. */
  readonly encoding?: 'utf8' | 'base64' | undefined;
  readonly qos?: QoS | undefined;
  readonly retain?: boolean | undefined;
  readonly properties?: PublishedProperties | undefined;
}

type Loose<Value> = { readonly [Name in keyof Value]?: Value[Name] | undefined };

/** `correlationData` is base64. */
type PublishedProperties = Loose<Omit<MessageProperties, 'correlationData'> & { correlationData: string }>;

/** §1.5.4: the longest text a packet can carry. */
const text = { type: 'string', maxLength: 65_535 };

export const publishedSchema = {
  title: 'Message',
  description: 'A message of any topic.',
  type: 'object',
  additionalProperties: false,
  required: ['topic'],
  properties: {
    topic: { ...text, minLength: 1 },
    payload: { type: 'string', default: '' },
    encoding: { enum: ['utf8', 'base64'], default: 'utf8' },
    qos: { enum: [0, 1, 2], default: 0 },
    retain: { type: 'boolean', default: false },
    properties: {
      description: 'Properties of MQTT 5; correlationData is base64.',
      type: 'object',
      additionalProperties: false,
      properties: {
        payloadFormatIndicator: { type: 'boolean' },
        messageExpiryInterval: { description: 'seconds', type: 'integer', minimum: 0, maximum: 0xffff_ffff },
        contentType: text,
        responseTopic: { ...text, minLength: 1, pattern: '^[^+#\\u0000]*$' },
        correlationData: { type: 'string', maxLength: 87_384 },
        userProperties: {
          type: 'array',
          items: { type: 'array', items: text, minItems: 2, maxItems: 2 },
        },
      },
    },
  },
} as const;

/** @throws ParleyError `request-invalid` for base64 that is none */
export function toPublish({ topic, payload = '', encoding, qos, retain, properties }: Published): Publishable {
  const { correlationData, ...rest } = properties ?? {};
  return {
    topic,
    payload: encoding === 'base64' ? fromBase64(payload, 'payload') : Buffer.from(payload),
    qos,
    retain,
    properties: properties && {
      ...(rest as MessageProperties),
      ...(correlationData !== undefined && { correlationData: fromBase64(correlationData, 'correlationData') }),
    },
  };
}

/** @param retain whether it was retained before it was asked for, as MQTT's flag says */
export function toPublished(message: Message, retain: boolean, now: number): Published {
  const { topic, payload, qos } = message;
  const encoding = isUtf8(payload) ? 'utf8' : 'base64';
  const properties = message.properties && toProperties(message, message.properties, now);
  return { topic, payload: payload.toString(encoding), encoding, qos, retain, ...(properties && { properties }) };
}

function toProperties(message: Message, properties: MessageProperties, now: number): PublishedProperties {
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = properties;
  return {
    payloadFormatIndicator,
    messageExpiryInterval: message.expiresAt === 0 ? undefined : message.remainingSeconds(now),
    contentType,
    responseTopic,
    correlationData: correlationData?.toString('base64'),
    userProperties,
  };
}

function fromBase64(given: string, what: string): Buffer {
  const bytes = Buffer.from(given, 'base64');
  // Node passes over what is no base64; a sender is told rather than sending something else.
  if (bytes.toString('base64').replace(/=+$/, '') === given.replace(/=+$/, '')) return bytes;
  throw new ParleyError('request-invalid', `${what} is not base64 (RFC 4648 §4)`);
}
