/** How CSV is written: RFC 4180 when left out. */
export interface CsvStyle {
  readonly delimiter?: string;
  /** Whether text that a spreadsheet would take for a formula gets a leading `'`, as the API's own export does it; when left out it does. */
  readonly isGuarded?: boolean;
}

/** A line of CSV. */
export function csvLine(values: readonly unknown[], { delimiter = ',', isGuarded = true }: CsvStyle = {}): string {
  const fields = values.map((value) => {
    const text = textOf(value, isGuarded);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${fields.join(delimiter)}\r\n`;
}

function textOf(value: unknown, isGuarded: boolean): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  return isGuarded && /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}
