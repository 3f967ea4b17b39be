import { writeFileSync } from 'node:fs';
import type { ImportOutcome } from '../api.generated.ts';
import type { Context } from './command.ts';
import { csvLine } from './csv.ts';
import { csvRecords, type CsvRecord, decodedText, delimiterIn, linesIn } from './csv-records.ts';
import { usageError } from './errors.ts';
import { IMPORT_MAX_BYTES, IMPORT_MAX_LINES } from '../constants.generated.ts';
import type { ImportGroup } from './import-group.ts';

/** The rows of a CSV file in groups that are within the limits of an import, each with the names of the columns ahead. */
export async function* csvGroups(context: Context, chunks: AsyncIterable<Uint8Array>, refused: RefusedRows): AsyncGenerator<ImportGroup> {
  const query = { columns: columnsIn(context), ...(context.options.flag('no-formula-guard') && { formulaGuard: false }) };
  const call = { headers: { 'Content-Type': 'text/csv; charset=utf-8' }, query };
  let [head, rows, bytes]: [string, CsvRecord[], number] = ['', [], 0];
  const group = (): ImportGroup => {
    const lines = new Map<number, CsvRecord>();
    let line = 1 + linesIn(head);
    for (const row of rows) {
      lines.set(line, row);
      line += linesIn(row.text);
    }
    const numberOf = (outcome: ImportOutcome) => lines.get(outcome.line)?.line ?? outcome.line;
    const onOutcome = (outcome: ImportOutcome) => refused.add(outcome, lines.get(outcome.line));
    return { body: head + rows.map(({ text }) => text).join(''), call, numberOf, onOutcome };
  };
  for await (const record of csvRecords(decodedText(chunks))) {
    if (!refused.hasHeader) {
      head += record.text;
      if (!/^sep=.\s*$/i.test(record.text)) refused.begin(head, record.text);
      continue;
    }
    const size = Buffer.byteLength(record.text);
    if (rows.length > 0 && (rows.length === IMPORT_MAX_LINES || bytes + size > IMPORT_MAX_BYTES - Buffer.byteLength(head))) {
      yield group();
      [rows, bytes] = [[], 0];
    }
    rows.push(record);
    bytes += size;
  }
  // A file without rows is for the API to refuse.
  if (rows.length > 0 || head !== '') yield group();
}

/** What `--map` says, as the API takes it. */
function columnsIn({ options }: Context): string | undefined {
  const given = options.list('map').map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1)
      throw usageError(
        `--map must be COLUMN=FIELD, and is “${text}”.`,
        'For example: --map "Mail=email"; --map "Notes=" leaves a column out',
      );
    return [text.slice(0, at), text.slice(at + 1) || null];
  });
  return given.length > 0 ? JSON.stringify(Object.fromEntries(given)) : undefined;
}

/** The rows that were refused, as they stand in the file, each with what is wrong: ready to be mended and sent again. */
export class RefusedRows {
  #delimiter = ',';
  #text = '';
  #count = 0;

  get hasHeader(): boolean {
    return this.#text !== '';
  }

  get count(): number {
    return this.#count;
  }

  begin(head: string, header: string): void {
    this.#delimiter = delimiterIn(header);
    this.#text = this.#withError(head, 'error');
  }

  add({ outcome, code, issues }: ImportOutcome, row: CsvRecord | undefined): void {
    if (outcome !== 'failed' || row === undefined) return;
    const error = issues?.map(({ location, message }) => `${location}: ${message}`).join('; ') ?? code ?? '';
    this.#text += this.#withError(row.text, error);
    this.#count++;
  }

  /** Writes them into a file, which only its owner can read. */
  write(path: string): void {
    // A spreadsheet knows by the mark that it is UTF-8.
    writeFileSync(path, `\uFEFF${this.#text}`, { mode: 0o600 });
  }

  #withError(row: string, error: string): string {
    return row.replace(/\r?\n$/, '') + this.#delimiter + csvLine([error], { delimiter: this.#delimiter });
  }
}
