/**
 * What can drive a terminal or reorder its line: C0 and C1 controls and DEL (ECMA-48), line and paragraph separators,
 * and the bidirectional controls of UAX #9. A tab is harmless.
 */
// oxlint-disable-next-line no-control-regex -- matching them is the point
const unsafe = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of a stranger on one line, with nothing in it that a terminal would obey. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    // Unicode has pictures of the C0 controls and DEL: ␛ and its like.
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same for text of many lines: the later ones are indented, so that none can pass for an entry of its own. */
export function visibleLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(visible)
    .join('\n      | ');
}

/** A value as one line of JSON that a terminal may be shown: what it would obey is written as an escape of JSON. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
