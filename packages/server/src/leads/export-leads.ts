import { Readable } from 'node:stream';
import { type contract, CSV, type LeadRecord, NDJSON } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { leadRecord } from '../db/functions.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { CSV_HEADER, csvLine } from './csv.ts';
import { filterConditions, type LeadFilter } from './lead-filter.ts';
import { leadNotFound } from './lead-row.ts';

const BATCH_LEADS = 250;
/** Put together in the database: a text for each lead would be a million pieces of garbage here. */
const NDJSON_BATCH = `max(id) as id, count(*)::integer as count, string_agg(text || E'\\n', '' order by id) as text`;

/** `leads.export`: the leads that match, batch by batch, as fast as the caller takes them. */
export function exportLeads({ now }: Deps): OperationHandler<typeof contract.leads.export> {
  return async ({ query: { format, ...filter }, caller, requestId, response, db }) => {
    const details = { format, filters: Object.keys(filter) };
    await appendAudit(db, now(), { caller, requestId }, { action: 'leads.exported', details });
    response.setHeader('Content-Type', `${format === 'csv' ? CSV : NDJSON}; charset=utf-8`);
    response.setHeader('Content-Disposition', `attachment; filename="leads.${format}"`);
    const batches = format === 'csv' ? csvBatches(db, caller.workspaceId, filter) : ndjsonBatches(db, caller.workspaceId, filter);
    // One batch waits for the caller, and no more.
    const body = Readable.from(batches, { highWaterMark: 1 });
    // What is sent already cannot be taken back: a connection that ends early tells that the export is not complete.
    body.on('error', () => response.destroy());
    response.on('close', () => body.destroy());
    return { status: 200, body: body as unknown as string };
  };
}

/** `leads.exportOne`: a lead with everything that hangs on it. */
export function exportLead({ now }: Deps): OperationHandler<typeof contract.leads.exportOne> {
  return async ({ params: { leadId }, caller, requestId, refuse, db }) => {
    const [row] = await leadRecord.call(db, { workspace: caller.workspaceId, id: searchable(leadId) });
    const record = row!.lead_record as LeadRecord | null;
    if (!record) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    await appendAudit(db, now(), { caller, requestId }, { action: 'leads.exported', leadId, details: { format: 'json' } });
    return { status: 200, body: { success: true, data: record } };
  };
}

async function* ndjsonBatches(db: Database, workspaceId: string, filter: LeadFilter) {
  for await (const [batch] of batches<{ text: string }>(
    db,
    workspaceId,
    filter,
    'lead_record(workspace_id, id)::text as text',
    NDJSON_BATCH,
  ))
    yield batch!.text;
}

async function* csvBatches(db: Database, workspaceId: string, filter: LeadFilter) {
  yield CSV_HEADER;
  const columns = `name, email, phone, source, status, metadata::text as metadata, iso_time(created_at) as "createdAt", iso_time(updated_at) as "updatedAt"`;
  for await (const rows of batches<Record<string, string | null>>(db, workspaceId, filter, columns)) yield rows.map(csvLine).join('');
}

// Each batch is a statement of its own, so that a slow reader holds no connection and no snapshot.
async function* batches<Row>(
  db: Database,
  workspaceId: string,
  filter: LeadFilter,
  columns: string,
  summary = '*',
): AsyncGenerator<(Row & { id: string; count?: number })[]> {
  let after = '';
  for (;;) {
    const values: unknown[] = [workspaceId, after];
    const conditions = filterConditions(filter, (value) => `$${values.push(value)}`);
    const leads = `select id, ${columns} from leads where ${['workspace_id = $1', 'id > $2', ...conditions].join(' and ')} order by id limit ${BATCH_LEADS}`;
    const rows = await run<Row & { id: string; count?: number }>(db, `select ${summary} from (${leads}) as batch`, values);
    const count = summary === '*' ? rows.length : rows[0]!.count!;
    if (count > 0) yield rows;
    if (count < BATCH_LEADS) return;
    after = rows.at(-1)!.id;
  }
}
