import { LEAD_CSV_COLUMNS } from '@leads/contract';

/** The first line of a CSV of leads (RFC 4180). */
export const CSV_HEADER = `${LEAD_CSV_COLUMNS.join(',')}\r\n`;

/** A lead as a line of CSV; a missing value is an empty field. */
export function csvLine(lead: Readonly<Record<string, string | null>>): string {
  return `${LEAD_CSV_COLUMNS.map((column) => csvField(lead[column] ?? '')).join(',')}\r\n`;
}

function csvField(text: string): string {
  // A spreadsheet would run these as a formula (OWASP, CSV injection).
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
