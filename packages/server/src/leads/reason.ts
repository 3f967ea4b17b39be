import { fold, foldPhone } from './fold.ts';

/** A letter with its accents, or a run of white space: what folding may change as one. */
const SEGMENTS = /\p{White_Space}+|(?:[\u1100-\u11ff]+|\P{M})\p{M}*|\p{M}+/gu;
/** Scripts without spaces between words have none that a name could be a part of. */
const IN_WORD = /(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{M}\p{N}]/u;
const NUMBERS = /\+?\(?[0-9](?:[0-9 ()./\u2010-\u2015-]*[0-9])?/gu;

/**
 * A reason as the function `redact_reason` takes it, as JSON; null for none. `pieces` is the text as it was sent, cut so that there
 * is one piece for each character of `folded`; `words` has a `w` where that character is in a word; `numbers` are the places, from
 * 1, that may be phone numbers.
 */
export function redactable(reason: string | undefined): string | null {
  if (reason === undefined) return null;
  const pieces: string[] = [];
  const characters: string[] = [];
  for (const [segment] of reason.matchAll(SEGMENTS)) {
    const folded = Array.from(fold(segment));
    characters.push(...folded);
    pieces.push(segment, ...folded.slice(1).map(() => ''));
  }
  const plain = characters.map((character) => asciiDigit(character) ?? character).join('');
  return JSON.stringify({
    pieces,
    folded: characters.join(''),
    words: characters.map((character) => (IN_WORD.test(character) ? 'w' : '-')).join(''),
    numbers: Array.from(plain.matchAll(NUMBERS), ({ 0: number, index }) => ({
      first: Array.from(plain.slice(0, index)).length + 1,
      length: number.length,
      digits: foldPhone(number),
    })),
  });
}

function asciiDigit(character: string): string | undefined {
  const plain = character.normalize('NFKC');
  return /^[0-9]$/.test(plain) ? plain : undefined;
}
