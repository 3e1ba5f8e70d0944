/**
 * A chat in the terminal with MQTT.js: `npx tsx examples/node.ts ana general`, then type lines; Ctrl-D ends it.
 * HUB and PORT in the environment name another hub.
 */
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const { HUB = '127.0.0.1', PORT = '1883' } = process.env;
const [name = 'node', channel = 'general'] = process.argv.slice(2);
const topic = `chat/${channel}`;

// The username is who you are; a hub with `auth: open` takes it as it is.
const client = await mqtt.connectAsync(`mqtt://${HUB}:${PORT}`, { username: name });

client.on('message', (_topic, payload) => {
  const { seq, from, kind, text } = JSON.parse(payload.toString());
  console.log(`${seq} ${from}: ${text ?? `(${kind})`}`);
});
await client.subscribeAsync([topic, 'hub/errors/+'], { qos: 1 });
console.log(`You are ${name} in ${channel}.`);

// A draft as JSON, so that a line that looks like JSON stays the text it is.
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== '') await client.publishAsync(topic, JSON.stringify({ text: line }), { qos: 1 });
}
await client.endAsync();
