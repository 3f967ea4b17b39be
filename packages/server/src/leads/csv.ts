/** How a CSV file is written. */
export interface CsvStyle {
  readonly delimiter: string;
  /** Whether what a spreadsheet would run as a formula gets a leading `'` (OWASP, CSV injection). */
  readonly isGuarded: boolean;
}

/** What can stand in a cell. */
export type CsvCell = string | number | boolean | null | undefined | readonly string[];

const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;

/** A line of CSV (RFC 4180). */
export function csvLine(cells: readonly CsvCell[], { delimiter, isGuarded }: CsvStyle): string {
  const written = cells.map((cell) => {
    const text = textOf(cell);
    const safe = isGuarded && FORMULA.test(text) ? `'${text}` : text;
    return safe.includes(delimiter) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${written.join(delimiter)}\r\n`;
}

/** What stood in a cell before it was guarded. */
export function unguarded(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}

/** The texts of a cell that is a list: one after the other with a `;` between them, or as JSON. */
export function listOf(cell: string): unknown {
  return cell.startsWith('[') ? JSON.parse(cell) : cell.split(';').map((text) => text.trim());
}

function textOf(value: CsvCell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const plain = value.join('; ');
  // A text with a `;` of its own would come back as two.
  const isPlain = value.length > 0 && !plain.startsWith('[') && value.join() === (listOf(plain) as unknown[]).join();
  return value.length === 0 || isPlain ? plain : JSON.stringify(value);
}
