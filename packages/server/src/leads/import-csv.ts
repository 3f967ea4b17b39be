import { Readable } from 'node:stream';
import {
  CreateLeadSchema,
  CSV_DELIMITERS,
  CsvColumnsSchema,
  ImportedLeadSchema,
  type ImportLeadsQuerySchema,
  issuesOf,
  type Lead,
  LEAD_CSV_COLUMNS,
  type LeadRecord,
  type ValidationIssue,
} from '@leads/contract';
import { CsvError, parse } from 'csv-parse';
import type * as z from 'zod';
import type { Breathe } from '../breather.ts';
import { listOf, unguarded } from './csv.ts';
import { type ImportedLine, type ImportOutcome, readJson, refusedLine, UnreadableImport } from './imported-line.ts';
import { LEAD_FIELDS, type LeadField } from './lead-fields.ts';

type Field = keyof Lead;
type Options = Pick<z.output<typeof ImportLeadsQuerySchema>, 'columns' | 'formulaGuard'>;

/** What a row is given that lacks it. */
export interface RowDefaults {
  readonly newId: () => string;
  readonly now: string;
  readonly workspaceId: string;
}

const CHUNK_LENGTH = 16_384;
/** The longest row, in bytes: the fields of a lead are far below. */
const ROW_MAX_BYTES = 1_048_576;
/** What a file of refused rows says of each. */
const ERROR_COLUMN = 'error';

/**
 * The rows of an import as CSV, read one by one; those without an id are new leads.
 * @throws {UnreadableImport} where the names of the columns are not clear, or the text is no CSV.
 */
export async function* readCsv(
  text: string,
  options: Options,
  defaults: RowDefaults,
  breathe: Breathe,
): AsyncGenerator<ImportedLine | ImportOutcome> {
  let columns: (Field | null)[] | undefined;
  for await (const { line, cells, length } of rowsOf(text, breathe)) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (columns) yield readRow({ line, cells, length }, columns, options, defaults);
    else columns = columnsOf(cells, CsvColumnsSchema.parse(JSON.parse(options.columns ?? '{}')));
  }
}

interface Row {
  /** The number of its first line. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly length: number;
}

async function* rowsOf(text: string, breathe: Breathe): AsyncGenerator<Row> {
  // As a spreadsheet reads and writes it.
  const [hint, hinted] = /^sep=([,;\t])\r?\n/i.exec(text) ?? [''];
  const parser = parse({
    delimiter: hinted ?? delimiterOf(text),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    raw: true,
    max_record_size: ROW_MAX_BYTES,
  });
  const rows: AsyncIterable<{ record: string[]; raw: string }> = Readable.from(chunksOf(text, hint.length)).pipe(parser);
  let lines = hint === '' ? 0 : 1;
  try {
    for await (const { record, raw } of rows) {
      await breathe();
      // Not the parser's numbers: they take a line break of two characters in a cell for two. Empty lines come with what is after them.
      const content = raw.replace(/^[\r\n]+/, '');
      lines += breaksIn(raw) - breaksIn(content);
      yield { line: lines + 1, cells: record, length: raw.length };
      lines += breaksIn(content);
    }
  } catch (error) {
    // Its message would name what is in the cell.
    if (error instanceof CsvError) throw new UnreadableImport(`${PROBLEMS[error.code] ?? 'No CSV'}, near line ${error.lines as number}`);
    throw error;
  } finally {
    parser.destroy();
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is not closed',
  INVALID_OPENING_QUOTE: 'A quote stands in a cell that does not begin with one: put the cell in quotes, and write each quote twice',
  CSV_INVALID_CLOSING_QUOTE: 'Something stands after the quote that ends a cell: write each quote in it twice',
  CSV_MAX_RECORD_SIZE: 'A row is too long, or a quote is not closed',
};

function breaksIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function* chunksOf(text: string, start: number): Generator<string> {
  for (let at = start; at < text.length; at += CHUNK_LENGTH) yield text.slice(at, at + CHUNK_LENGTH);
}

/** What stands most often between the names of the columns. */
function delimiterOf(text: string): string {
  const header = /[^\r\n].*/.exec(text.slice(0, ROW_MAX_BYTES))?.[0].replace(/"[^"]*"/g, '') ?? '';
  const counted = Object.values(CSV_DELIMITERS).map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counted.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/** The field of each column; null for one that is left out. */
function columnsOf(names: readonly string[], given: z.infer<typeof CsvColumnsSchema>): (Field | null)[] {
  const fields = new Map(LEAD_CSV_COLUMNS.map((field) => [folded(field), field]));
  const chosen = new Map(Object.entries(given).map(([name, field]) => [folded(name), field]));
  const columns = names.map((name) => {
    const key = folded(name);
    const field = chosen.has(key) ? chosen.get(key)! : fields.get(key);
    if (field === undefined && key !== '' && key !== ERROR_COLUMN)
      throw new UnreadableImport(
        `There is no field for the column "${name.slice(0, 100)}": say which one it is, or that it is left out, with the parameter columns. ` +
          `The fields are ${LEAD_CSV_COLUMNS.join(', ')}`,
      );
    return field ?? null;
  });
  for (const [i, field] of columns.entries()) {
    const other = field === null ? i : columns.indexOf(field);
    if (other !== i) throw new UnreadableImport(`The columns ${other + 1} and ${i + 1} are both ${field}`);
  }
  const unknown = Object.keys(given).find((name) => !names.some((other) => folded(other) === folded(name)));
  if (unknown !== undefined)
    throw new UnreadableImport(`The parameter columns names "${unknown.slice(0, 100)}", which is no column of the file`);
  const missing = LEAD_CSV_COLUMNS.filter((field) => !columns.includes(field) && isRequired(field));
  if (missing.length > 0)
    throw new UnreadableImport(`There is no column for ${missing.join(' and ')}: name it so, or with the parameter columns`);
  return columns;
}

function isRequired(field: Field): boolean {
  const schema = (CreateLeadSchema.shape as Partial<Record<Field, z.ZodType>>)[field];
  return schema !== undefined && !schema.safeParse(undefined).success;
}

/** A name without what is written now so, now so. */
function folded(name: string): string {
  return name
    .normalize()
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

function readRow({ line, cells, length }: Row, columns: readonly (Field | null)[], { formulaGuard }: Options, defaults: RowDefaults) {
  const given: { -readonly [Name in keyof Lead]?: unknown } = {};
  const issues: ValidationIssue[] = [];
  const issue = (location: string, message: string) => issues.push({ location, message, code: 'custom' });
  for (const [i, cell] of cells.entries()) {
    const field = columns[i];
    if (cell === '' || field === null) continue;
    if (field === undefined) issue(`cell ${i + 1}`, 'Stands to the right of the last column: a cell with the delimiter in it needs quotes');
    else {
      const { value, problem } = valueOf(formulaGuard ? unguarded(cell) : cell, (LEAD_FIELDS[field] as LeadField).type);
      given[field] = value;
      if (problem !== undefined) issue(`lead.${field}`, problem);
    }
  }
  const { id, createdAt, updatedAt, ...written } = given;
  const leadId = typeof id === 'string' ? id.slice(0, 64) : null;
  const content = CreateLeadSchema.safeParse(written);
  const kept = KeptSchema.safeParse({
    id: id ?? defaults.newId(),
    createdAt: createdAt ?? defaults.now,
    updatedAt: updatedAt ?? defaults.now,
    workspaceId: defaults.workspaceId,
  });
  // A cell that cannot be read is told of once.
  const told = new Set(issues.map(({ location }) => location));
  for (const { error } of [content, kept]) issues.push(...issuesOf('lead', error).filter(({ location }) => !told.has(location)));
  if (issues.length > 0 || !content.success || !kept.success) return refusedLine(line, leadId, issues);
  const record: LeadRecord = { lead: { ...content.data, ...kept.data }, statusBeforeArchive: null, activities: [], campaigns: [] };
  return { line, record, length, ...(leadId === null && { isNew: true as const }) };
}

const KeptSchema = ImportedLeadSchema.pick({ id: true, createdAt: true, updatedAt: true, workspaceId: true });

/** What a cell says, by the type of its field. */
function valueOf(cell: string, type: LeadField['type']): { value: unknown; problem?: string } {
  switch (type) {
    case 'text':
    case 'timestamptz':
      return { value: cell };
    case 'double precision':
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell)
        ? { value: Number(cell) }
        : { value: null, problem: 'Must be a number such as 12.5' };
    case 'boolean':
      return /^(true|false)$/i.test(cell) ? { value: cell.toLowerCase() === 'true' } : { value: null, problem: 'Must be true or false' };
    case 'text[]':
      return { value: listOf(cell) };
    case 'jsonb': {
      const read = readJson(cell);
      if (!read) return { value: null, problem: 'Must be JSON' };
      return { value: read.value, ...(read.issues[0] && { problem: read.issues[0].message }) };
    }
  }
}
