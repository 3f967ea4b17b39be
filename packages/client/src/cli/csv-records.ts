/** A record of a CSV file as it is written, with the line end that it has, and the number of its first line. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
}

/** The text of a file that begins with a byte order mark, or is UTF-8. */
export async function* decodedText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** The records of a CSV file, cut where a line ends outside of quotes; empty ones are left out. */
export async function* csvRecords(texts: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let [held, line, isQuoted] = ['', 1, false];
  for await (const text of texts) {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      if (text[i] === '"') isQuoted = !isQuoted;
      else if (text[i] === '\n' && !isQuoted) {
        const record = held + text.slice(start, i + 1);
        if (record.trim() !== '') yield { line, text: record };
        line += linesIn(record);
        [held, start] = ['', i + 1];
      }
    }
    held += text.slice(start);
  }
  if (held.trim() !== '') yield { line, text: `${held}\n` };
}

/** How many lines a text has that ends with one. */
export function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** What stands between the cells of a first line. */
export function delimiterIn(header: string): string {
  const names = header.replace(/"[^"]*"/g, '');
  return [',', ';', '\t'].reduce((most, next) => (names.split(next).length > names.split(most).length ? next : most));
}
