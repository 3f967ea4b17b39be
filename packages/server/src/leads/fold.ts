/** A text as it is compared and searched: whatever its case, and however its accents are encoded. */
export function fold(text: string): string {
  return text.toLowerCase().normalize('NFC');
}
