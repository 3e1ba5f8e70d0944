import { topics } from '@parley/shared';
import { code, renderPage } from './table.ts';

/** docs/topics.md, from the table that every side builds and parses its topics with. */
export function renderTopics(): string {
  return renderPage({
    title: 'Topics',
    intro: [
      'Every topic that means something to Parley, from `shared/src/topics/topics.ts`. Topics outside this table are plain MQTT:\nrouted, retained and queued untouched.',
      'A level that starts with `:` is a name, 1 to 64 of `a-z 0-9 _ -` starting with a letter or digit, unless the text says\notherwise. `$share/<group>/<filter>` subscribes a group to any of them: each message reaches one member.',
      'The payload column is its MIME type. QoS is what Parley itself publishes with; a client may use any, except that\n`typing` is always delivered at QoS 0 and an entry at QoS 1, or 2 when its draft had 2.',
    ],
    columns: ['Topic', 'Who publishes', 'Payload', 'QoS', 'Retained', 'What'],
    rows: Object.values(topics).map(({ pattern, publisher, codec, qos, retain, about }) => [
      code(pattern),
      publisher,
      code(codec.contentType),
      String(qos),
      retain ? 'yes' : 'no',
      about,
    ]),
  });
}
