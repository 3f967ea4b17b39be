/** A text as it is compared and searched: whatever its case, however its accents are encoded, and however wide its gaps are. */
export function fold(text: string): string {
  // A capital sigma becomes one small form at the end of a word and another one elsewhere.
  return text
    .toLowerCase()
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .replaceAll('ς', 'σ');
}

/** A phone number as it is compared: its digits, in whatever notation; null where it has none. */
export function foldPhone(phone: string): string | null {
  const digits = phone
    .normalize('NFKC')
    .replaceAll('(0)', '')
    .replace(/[^0-9]/g, '');
  return digits.replace(/^00/, '') || null;
}
