/** A CSV file that was chosen. */
export interface CsvFile {
  /** Tells it from every other, also from a later one of the same name. */
  readonly id: string;
  readonly text: string;
  /** The names of its columns. */
  readonly columns: readonly string[];
}

/** Reads a file: UTF-8, or UTF-16 as spreadsheets save it. */
export async function readCsvFile(file: File): Promise<CsvFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  return { id: crypto.randomUUID(), text, columns: await columnsOf(text) };
}

async function columnsOf(text: string): Promise<string[]> {
  // A third of the page's size, which only an import needs.
  const { parse } = await import('csv-parse/browser/esm/sync');
  try {
    const [names = []] = parse(text, { delimiter: [',', ';', '\t'], to: 1, relax_column_count: true });
    return [...new Set(names)].filter((name) => name.trim() !== '');
  } catch {
    // What is wrong with it, the API says.
    return [];
  }
}
