import { Readable } from 'node:stream';
import { type contract, CSV, CSV_DELIMITERS, EXPORT_TRAILER, type ExportEnd, LEAD_CSV_COLUMNS, NDJSON } from '@leads/contract';
import type { Response } from 'express';
import type { Deps } from '../deps.ts';
import { isStillAllowed } from '../auth/authenticate.ts';
import type { KeyCache } from '../auth/key-cache.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { leadRecordBound, leadRecordPieces } from '../db/functions.ts';
import { Sql } from '../db/sql-function.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { type CsvCell, csvLine, type CsvStyle } from './csv.ts';
import { LEAD_FIELDS, type LeadField } from './lead-fields.ts';
import { filterConditions, type LeadFilter } from './lead-filter.ts';
import { leadNotFound } from './lead-row.ts';

const BATCH_LEADS = 250;
/** How large a batch may be, in bytes; a larger lead is read alone. */
const BATCH_MAX_BYTES = 4_194_304;
/** Of such a size are the pieces of a lead that is read alone. */
const PIECE_BYTES = 262_144;

/**
 * `leads.export`: the leads that match, batch by batch, as fast as the caller takes them. Once the key is revoked or has expired, the
 * connection is closed, within seconds: what was sent until then lacks the last line and the trailer, and so tells that it is not complete.
 */
export function exportLeads({ now, keys }: Deps): OperationHandler<typeof contract.leads.export> {
  return async ({
    query: { format, delimiter = 'comma', bom = false, formulaGuard = true, ...filter },
    caller,
    requestId,
    response,
    db,
  }) => {
    const details = { format, filters: Object.keys(filter) };
    await appendAudit(db, now(), { caller, requestId }, { action: 'leads.exported', details });
    response.setHeader('Content-Type', `${format === 'csv' ? CSV : NDJSON}; charset=utf-8`);
    response.setHeader('Content-Disposition', `attachment; filename="leads.${format}"`);
    response.setHeader('Trailer', EXPORT_TRAILER);
    const leads = { db, workspaceId: caller.workspaceId, filter };
    const onEnd = (count: number) => response.addTrailers({ [EXPORT_TRAILER]: String(count) });
    const style = { delimiter: CSV_DELIMITERS[delimiter], isGuarded: formulaGuard };
    const pieces = format === 'csv' ? csvPieces(leads, style, bom, onEnd) : ndjsonPieces(leads, onEnd);
    return { status: 200, body: streamed(pieces, response, keys) };
  };
}

/** `leads.exportOne`: a lead with everything that hangs on it. */
export function exportLead({ now, keys }: Deps): OperationHandler<typeof contract.leads.exportOne> {
  return async ({ params: { leadId }, caller, requestId, refuse, response, db }) => {
    const record = await piecesOf({ db, workspaceId: caller.workspaceId, filter: {} }, searchable(leadId));
    if (record.length === 0) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    await appendAudit(db, now(), { caller, requestId }, { action: 'leads.exported', leadId, details: { format: 'json' } });
    // As the database wrote it: to read and write a record of some MiB would keep all others waiting.
    const pieces = ['{"success":true,"data":', ...record, '}'];
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader(
      'Content-Length',
      pieces.reduce((bytes, piece) => bytes + Buffer.byteLength(piece), 0),
    );
    return { status: 200, body: streamed(drained(pieces), response, keys) };
  };
}

/** The pieces one by one; what is sent is not kept. */
function* drained(pieces: string[]): Generator<string> {
  while (pieces.length > 0) yield pieces.shift()!;
}

/** A body that is sent piece by piece; no more than one waits for the caller. */
function streamed<Body>(pieces: Iterable<string> | AsyncIterable<string>, response: Response, keys: KeyCache): Body {
  const body = Readable.from(whileAllowed(pieces, response, keys), { highWaterMark: 1 });
  // What is sent already cannot be taken back: a connection that ends early tells that it is not complete.
  body.on('error', () => response.destroy());
  response.on('close', () => body.destroy());
  return body as Body;
}

/** The pieces for as long as the key of the request may be used: whoever reads slowly could go on for hours. */
async function* whileAllowed(pieces: Iterable<string> | AsyncIterable<string>, { req }: Response, keys: KeyCache): AsyncGenerator<string> {
  for await (const piece of pieces) {
    if (!(await isStillAllowed(keys, req))) throw new Error('The key may no longer be used');
    yield piece;
  }
}

/** The leads of an export. */
interface Selection {
  readonly db: Database;
  readonly workspaceId: string;
  readonly filter: LeadFilter;
}

async function* ndjsonPieces(leads: Selection, onEnd: (count: number) => void): AsyncGenerator<string> {
  let exported = 0;
  for await (const { ids, isLarge } of batches(leads)) {
    if (isLarge) {
      const record = await piecesOf(leads, ids[0]!);
      if (record.length === 0) continue;
      yield* drained(record);
      yield '\n';
      exported++;
    } else {
      const { where, values } = stillSelected(leads, ids);
      const [batch] = await run<{ count: number; text: string | null }>(leads.db, linesWhere(where), values);
      if (batch!.text !== null) yield batch!.text;
      exported += batch!.count;
    }
  }
  onEnd(exported);
  yield `${JSON.stringify({ export: { leads: exported } } satisfies ExportEnd)}\n`;
}

/** Which leads of a batch are still there and still match: one that was changed since it was selected may do so no more. */
function stillSelected({ workspaceId, filter }: Selection, ids: readonly string[]): { where: string; values: unknown[] } {
  const values: unknown[] = [workspaceId, ids];
  const conditions = filterConditions(filter, (value) => `$${values.push(value)}`);
  return { where: ['workspace_id = $1', 'id = any($2)', ...conditions].join(' and '), values };
}

// Put together in the database: a text for each lead would be a million pieces of garbage here.
function linesWhere(where: string): string {
  return `
    select count(record)::integer as count, string_agg(record || E'\\n', '' order by id) as text
    from (select id, lead_record(workspace_id, id)::text as record from leads where ${where} offset 0) as lines`;
}

async function piecesOf(leads: Selection, leadId: string): Promise<string[]> {
  const { where, values } = stillSelected(leads, [leadId]);
  const of = { workspace: new Sql('workspace_id'), id: new Sql('id'), bytes: PIECE_BYTES };
  const pieces = leadRecordPieces.expression(of, (value) => `$${values.push(value)}`);
  const rows = await run<{ piece: string }>(leads.db, `select piece from leads cross join lateral ${pieces} where ${where}`, values);
  return rows.map(({ piece }) => piece);
}

async function* csvPieces(leads: Selection, style: CsvStyle, bom: boolean, onEnd: (count: number) => void): AsyncGenerator<string> {
  yield (bom ? '\uFEFF' : '') + csvLine(LEAD_CSV_COLUMNS, style);
  let exported = 0;
  for await (const { ids } of batches(leads)) {
    const { where, values } = stillSelected(leads, ids);
    const rows = await run<Record<string, CsvCell>>(leads.db, `select ${FIELDS} from leads where ${where} order by id`, values);
    yield rows
      .map((row) =>
        csvLine(
          LEAD_CSV_COLUMNS.map((field) => row[field]),
          style,
        ),
      )
      .join('');
    exported += rows.length;
  }
  onEnd(exported);
}

const FIELDS = LEAD_CSV_COLUMNS.map(fieldAsText).join(', ');

function fieldAsText(field: keyof typeof LEAD_FIELDS): string {
  const { column, type } = LEAD_FIELDS[field] as LeadField;
  const text: Partial<Record<LeadField['type'], string>> = { jsonb: `${column}::text`, timestamptz: `iso_time(${column})` };
  return `${text[type] ?? column} as "${field}"`;
}

interface Batch {
  readonly ids: string[];
  /** Whether it is one lead that is larger than a batch may be. */
  readonly isLarge: boolean;
}

/** The leads in groups whose records are small together. Each statement is short: a slow reader holds no connection and no snapshot. */
async function* batches(leads: Selection): AsyncGenerator<Batch> {
  for (let after = ''; ;) {
    const page = await measuredPage(leads, after);
    for (let start = 0; start < page.length;) {
      let [end, bytes] = [start + 1, Number(page[start]!.bound)];
      while (end < page.length && bytes + Number(page[end]!.bound) <= BATCH_MAX_BYTES) bytes += Number(page[end++]!.bound);
      yield { ids: page.slice(start, end).map(({ id }) => id), isLarge: bytes > BATCH_MAX_BYTES };
      start = end;
    }
    if (page.length < BATCH_LEADS) return;
    after = page.at(-1)!.id;
  }
}

function measuredPage({ db, workspaceId, filter }: Selection, after: string): Promise<{ id: string; bound: string }[]> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = [`workspace_id = ${parameter(workspaceId)}`, `id > ${parameter(after)}`, ...filterConditions(filter, parameter)];
  const page = `select workspace_id, id from leads where ${conditions.join(' and ')} order by id limit ${BATCH_LEADS}`;
  const bound = leadRecordBound.expression({ workspace: new Sql('workspace_id'), id: new Sql('id') }, parameter);
  return run(db, `select id, ${bound} as bound from (${page}) as page order by id`, values);
}
