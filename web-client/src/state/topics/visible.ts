/**
 * Characters that are not seen, or that turn the order of what is around them: controls and marks of direction.
 * Joiners stay: emoji and some scripts are written with them.
 */
const unseen = /(?!\t|\n|\u200c|\u200d|[\u{e0020}-\u{e007f}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text in which nothing hides: a right-to-left override in a name shows as `\u202e`. Line ends and tabs stay. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(unseen, (one) => `\\u${one.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
