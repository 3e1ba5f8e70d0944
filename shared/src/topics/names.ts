import { ParleyError } from '../errors.ts';

/** Channels, users and devices: 1–64 of `a-z 0-9 _ -`, starting with a letter or digit. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** One topic level that is not a name: a command, the id of a reply. */
export const levelShape = /^[^/+#\0]{1,128}$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * The text itself when it is a valid name.
 * @param what what the name is of, for the message: `channel`, `user`, `device`
 * @throws ParleyError `name-invalid`
 */
export function checkName(text: string, what: string): string {
  if (isName(text)) return text;
  throw new ParleyError(
    'name-invalid',
    `${what} name ${JSON.stringify(text.slice(0, 80))} is not 1 to 64 of a-z 0-9 _ -, starting with a letter or digit`,
  );
}

/** A client id as one topic level: percent-encoded (RFC 3986 §2.1) outside `A-Za-z0-9._~-`. */
export function encodeClientId(clientId: string): string {
  return encodeURIComponent(clientId.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `dm/<a>/<b>` of two users, in ASCII order. */
export function dmPair(one: string, other: string): { a: string; b: string } {
  return one < other ? { a: one, b: other } : { a: other, b: one };
}
