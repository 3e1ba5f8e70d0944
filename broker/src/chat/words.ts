import type { Entry } from '@parley/shared';

/** Longest word that is told apart, in UTF-16 units. */
const MAX_WORD = 64;
/** Words of one entry that are found; a novel is found by its beginning. */
const MAX_WORDS = 1000;

/** Scripts without spaces between words: each character counts as one. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}])+/gu;

/** The distinct words of a text, folded: no case, no accents, compatible forms alike (ﬁ → fi, ß → ss). */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of fold(text).matchAll(WORD)) {
    words.add(word.slice(0, MAX_WORD));
    if (words.size === MAX_WORDS) break;
  }
  return words;
}

/** The words that an entry is found by: of its text, or of the name of its file. */
export function wordsOfEntry({ kind, text, data }: Entry): Set<string> {
  if (kind === 'reaction' || kind === 'delete') return new Set();
  const name = kind === 'file' ? (data as { name?: unknown } | undefined)?.name : undefined;
  return wordsOf(typeof name === 'string' ? `${name} ${text ?? ''}` : (text ?? ''));
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}
