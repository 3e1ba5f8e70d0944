import {
  channelCodec,
  entryCodec,
  membershipCodec,
  presenceCodec,
  readPositionCodec,
  refusalCodec,
  typingCodec,
} from '../chat/entry.ts';
import { json } from '../codecs/json.ts';
import { senmlCbor } from '../codecs/senml.ts';
import { text } from '../codecs/text.ts';
import { aboutCodec } from '../devices/about.ts';
import { commandCodec, replyCodec, requestCodec, statusCodec } from '../devices/device.ts';
import { telemetryCodec } from '../devices/telemetry.ts';
import { levelShape as level } from './names.ts';
import { topic } from './topic.ts';
import type { TopicRule } from './topic.ts';

/** A client id, percent-encoded by `encodeClientId`. */
const client = /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/;

/** Each pair of users has one topic, not two. */
const asciiOrder: TopicRule = { says: 'the two users in ASCII order', holds: ({ a, b }) => a! <= b! };

/** Every topic Parley gives a meaning to. Anything else is plain MQTT. docs/topics.md is printed from this table. */
export const topics = {
  chat: topic('chat/:channel', {
    about: 'A draft in, the stamped entry out.',
    publisher: 'people, bots, devices',
    codec: entryCodec,
    qos: 1,
  }),
  chatTyping: topic('chat/:channel/typing', {
    about: 'Someone is writing; never stored.',
    publisher: 'people',
    codec: typingCodec,
    qos: 0,
  }),
  dm: topic('dm/:a/:b', {
    about: 'Direct messages of two users, named in ASCII order; only those two may read it.',
    publisher: 'the two named',
    codec: entryCodec,
    qos: 1,
    rule: asciiOrder,
  }),
  dmTyping: topic('dm/:a/:b/typing', {
    about: 'The other one is writing; never stored.',
    publisher: 'the two named',
    codec: typingCodec,
    qos: 0,
    rule: asciiOrder,
  }),
  channel: topic('channels/:channel', {
    about: 'What a channel is; empty when it is deleted; members only when private. `lastSeq` follows within 1 s.',
    publisher: 'the hub',
    codec: channelCodec,
    qos: 1,
    retain: true,
  }),
  presence: topic('presence/:name', {
    about: 'Whether a person or device is here.',
    publisher: 'the hub',
    codec: presenceCodec,
    qos: 1,
    retain: true,
  }),
  readPosition: topic('users/:user/read/:channel', {
    about: 'The `seq` a user has read so far in a channel; only that user may read it.',
    publisher: 'that user',
    codec: readPositionCodec,
    qos: 1,
    retain: true,
  }),
  dmReadPosition: topic('users/:user/read/dm/:peer', {
    about: 'The same for direct messages.',
    publisher: 'that user',
    codec: readPositionCodec,
    qos: 1,
    retain: true,
  }),
  membership: topic('users/:user/channels/:channel', {
    about: '`{"member":false}` to somebody who was taken out of a private channel; only that user may read it.',
    publisher: 'the hub',
    codec: membershipCodec,
    qos: 1,
  }),
  deviceStatus: topic('devices/:device/status', {
    about: '`online` or `offline`; also the will of the device.',
    publisher: 'the device',
    codec: statusCodec,
    qos: 1,
    retain: true,
  }),
  deviceAbout: topic('devices/:device/about', {
    about: 'Model, metrics with their units, and commands with a JSON Schema of their arguments.',
    publisher: 'the device',
    codec: aboutCodec,
    qos: 1,
    retain: true,
  }),
  telemetry: topic('devices/:device/telemetry', {
    about: 'SenML JSON (RFC 8428) or a flat JSON object of numbers, booleans and strings.',
    publisher: 'the device',
    codec: telemetryCodec,
    qos: 0,
  }),
  telemetryCbor: topic('devices/:device/telemetry/cbor', {
    about: 'SenML CBOR (RFC 8428 §6).',
    publisher: 'the device',
    codec: senmlCbor,
    qos: 0,
  }),
  deviceState: topic('devices/:device/state', {
    about: 'What the device reports of itself, as JSON.',
    publisher: 'the device',
    codec: json,
    qos: 1,
    retain: true,
  }),
  command: topic('devices/:device/commands/:command', {
    about: 'Always `{"id","args"}` as delivered: the hub makes `id` when absent, an object without `args` is the args.',
    publisher: 'people, the API',
    codec: commandCodec,
    qos: 1,
    levels: { command: level },
  }),
  reply: topic('devices/:device/replies/:id', {
    about: '`{"ok":true,"result"}`, `{"ok":false,"error"}` or `{"progress":0..1}`.',
    publisher: 'the device',
    codec: replyCodec,
    qos: 1,
    levels: { id: level },
  }),
  request: topic('hub/requests/:what', {
    about: '`what` is `history`, `who`, `channels`, `devices` or `presence`: the matching GET as JSON, with an `id`.',
    publisher: 'anyone',
    codec: requestCodec,
    qos: 1,
  }),
  hubReply: topic('hub/replies/:client/:id', {
    about: 'The answer to a request that named no Response Topic; each client gets only its own.',
    publisher: 'the hub',
    codec: json,
    qos: 1,
    levels: { client, id: level },
  }),
  hubError: topic('hub/errors/:client', {
    about: '`{"code","message","topic","at"}` for what was refused where the protocol has no refusal.',
    publisher: 'the hub',
    codec: refusalCodec,
    qos: 0,
    levels: { client },
  }),
  sys: topic('$SYS/broker/:value', {
    about: "Mosquitto's names, some of more levels, so its exporters and dashboards work.",
    publisher: 'the hub',
    codec: text,
    qos: 0,
    retain: true,
    levels: { value: level },
  }),
} as const;

/** Subscribed by a client to hear what was refused of its own publishes. */
export const ownErrors = 'hub/errors/+';
