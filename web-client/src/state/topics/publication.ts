import { fromHex, isTopic, json, text } from '@parley/shared';
import type { Properties, Publication } from './seen.ts';
import type { Saved } from './saved.ts';

/** What was typed as what is sent. @throws Error with the reason, for a person */
export function publicationOf(typed: Omit<Saved, 'name'>): Publication {
  if (!isTopic(typed.topic)) throw new Error('A topic to publish to is not empty and has no + or #.');
  const properties = propertiesOf(typed);
  return {
    topic: typed.topic,
    payload: bytesOf(typed),
    qos: typed.qos,
    retain: typed.retain,
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

function bytesOf({ payload, encoding }: Pick<Saved, 'payload' | 'encoding'>): Uint8Array {
  if (encoding === 'text') return text.encode(payload);
  if (encoding === 'json') {
    const bytes = text.encode(payload);
    json.decode(bytes);
    return bytes;
  }
  const bytes = encoding === 'hex' ? fromHex(payload) : fromBase64(payload);
  if (!bytes) throw new Error(`The payload is not ${encoding === 'hex' ? 'hex: two digits for each byte' : 'base64'}.`);
  return bytes;
}

function fromBase64(source: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(source), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function propertiesOf({ contentType, responseTopic, expiry, user }: Omit<Saved, 'name'>): Properties {
  if (responseTopic !== '' && !isTopic(responseTopic)) throw new Error('A response topic has no + or #.');
  const expirySeconds = expiry === '' ? undefined : Number(expiry);
  if (
    expirySeconds !== undefined &&
    !(Number.isInteger(expirySeconds) && expirySeconds >= 0 && expirySeconds < 2 ** 32)
  ) {
    throw new Error('The expiry is a whole number of seconds.');
  }
  const named = user.filter(([name, value]) => name !== '' || value !== '');
  return {
    ...(contentType !== '' && { contentType }),
    ...(responseTopic !== '' && { responseTopic }),
    ...(expirySeconds !== undefined && { expirySeconds }),
    ...(named.length > 0 && { user: named }),
  };
}
