import {
  ACTIVITIES_MAX_BYTES_PER_LEAD,
  type contract,
  CSV,
  IMPORT_CLOCK_SKEW_SECONDS,
  IMPORT_MAX_LINES,
  isTimestamp,
  type LeadRecord,
  LeadSchema,
} from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudits } from '../audit/append-audit.ts';
import { type Breathe, breather } from '../breather.ts';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { readCsv } from './import-csv.ts';
import { readNdjson } from './import-ndjson.ts';
import { type ImportedLine, type ImportOutcome, refusedLine, UnreadableImport } from './imported-line.ts';
import { insertRecords } from './insert-records.ts';

/** How many lines are written at once, and how many characters of them. */
const BATCH_LINES = 250;
const BATCH_LENGTH = 1_048_576;
/** From so long a line on, its activities are measured. Written out, a number takes 50 times its JSON at most. */
const MEASURED_LENGTH = ACTIVITIES_MAX_BYTES_PER_LEAD / 64;

/** `leads.import`: brings in what `leads.export` wrote, or a CSV file, in one transaction; a line that is wrong holds up no other. */
export function importLeads({ now, newId }: Deps): OperationHandler<typeof contract.leads.import> {
  return async ({ body, query, caller, requestId, refuse, response, db }) => {
    const breathe = breather();
    const at = now();
    const defaults = { newId: () => newId('lead'), now: at.toISOString(), workspaceId: caller.workspaceId };
    const lines = response.req.is(CSV) ? readCsv(body, query, defaults, breathe) : readNdjson(body, breathe);
    const read = await checked(lines, at).catch((error: unknown) => {
      if (!(error instanceof UnreadableImport)) throw error;
      throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body', message: error.message, code: 'custom' }] });
    });
    const outcomes = await unlessDryRun(query.dryRun, db, async (transaction) => {
      const written = await writeLines(transaction, caller.workspaceId, read, query.allowDuplicateEmail, breathe);
      const imported = written.flatMap(({ outcome, leadId }) => (outcome === 'imported' ? [{ leadId: leadId! }] : []));
      await appendAudits(transaction, now(), { caller, requestId }, 'leads.imported', imported);
      // The id that was made for a new lead goes with a dry run.
      return query.dryRun ? written.map((outcome, i) => ('isNew' in read[i]! ? { ...outcome, leadId: null } : outcome)) : written;
    });
    const count = (wanted: ImportOutcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
    return {
      status: 200,
      body: { success: true, data: { imported: count('imported'), skipped: count('skipped'), failed: count('failed'), outcomes } },
    };
  };
}

/** The lines, each record of which is right in itself. @throws {UnreadableImport} where there are too many. */
async function checked(lines: AsyncIterable<ImportedLine | ImportOutcome>, at: Date): Promise<(ImportedLine | ImportOutcome)[]> {
  const latest = new Date(at.getTime() + IMPORT_CLOCK_SKEW_SECONDS * 1000).toISOString();
  const seen = new Set<string>();
  const all: (ImportedLine | ImportOutcome)[] = [];
  for await (const line of lines) {
    if (all.length === IMPORT_MAX_LINES) throw new UnreadableImport(`Must have at most ${IMPORT_MAX_LINES} leads: send it in parts`);
    const problem = 'record' in line ? problemOf(line.record, seen, latest) : undefined;
    all.push(problem && 'record' in line ? refusedLine(line.line, line.record.lead.id, [{ ...problem, code: 'custom' }]) : line);
    if (!problem && 'record' in line) seen.add(line.record.lead.id);
  }
  return all;
}

/** What is wrong with a record whose parts are each right. */
function problemOf({ lead, activities, campaigns }: LeadRecord, seen: ReadonlySet<string>, latest: string) {
  if (seen.has(lead.id)) return { location: 'lead.id', message: 'Stands in an earlier line already' };
  const strange = activities.findIndex(({ leadId }) => leadId !== lead.id);
  if (strange !== -1) return { location: `activities.${strange}.leadId`, message: 'Must be the id of the lead' };
  if (new Set(activities.map(({ id }) => id)).size < activities.length)
    return { location: 'activities', message: 'Must not hold an activity twice' };
  if (new Set(campaigns.map(({ id }) => id)).size < campaigns.length)
    return { location: 'campaigns', message: 'Must not hold a campaign twice' };
  // What was done: a meeting may be still to come. It would stay, because nothing sets a moment back.
  const done = [
    ...MOMENTS.map((field) => ({ location: `lead.${field}`, moment: lead[field] as string })),
    ...activities.map(({ createdAt }, i) => ({ location: `activities.${i}.createdAt`, moment: createdAt })),
    ...campaigns.map(({ enrolledAt }, i) => ({ location: `campaigns.${i}.enrolledAt`, moment: enrolledAt })),
  ];
  const ahead = done.find(({ moment }) => moment > latest);
  return ahead && { location: ahead.location, message: `Must not be in the future, or ${IMPORT_CLOCK_SKEW_SECONDS / 60} minutes at most` };
}

const MOMENTS = (Object.keys(LeadSchema.shape) as (keyof typeof LeadSchema.shape)[]).filter((field) =>
  isTimestamp(LeadSchema.shape[field]),
);

/** Runs `work` in a transaction, which a dry run takes back. */
async function unlessDryRun<Result>(isDryRun: boolean, db: Database, work: (db: Database) => Promise<Result>): Promise<Result> {
  if (!isDryRun) return inTransaction(db, work);
  const undone: { result?: Result } = {};
  await inTransaction(db, async (transaction) => {
    undone.result = await work(transaction);
    throw undone;
  }).catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return undone.result!;
}

/** Brings the records in, and says what came of each line. */
async function writeLines(
  db: Database,
  workspaceId: string,
  lines: readonly (ImportedLine | ImportOutcome)[],
  duplicateEmails: boolean,
  breathe: Breathe,
): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  for (let start = 0; start < lines.length;) {
    let [end, length] = [start, 0];
    for (; end < lines.length && end - start < BATCH_LINES && (end === start || length < BATCH_LENGTH); end++) {
      const line = lines[end]!;
      length += 'record' in line ? line.length : 0;
    }
    outcomes.push(...(await writeBatch(db, workspaceId, lines.slice(start, end), duplicateEmails)));
    await breathe();
    start = end;
  }
  return outcomes;
}

async function writeBatch(
  db: Database,
  workspaceId: string,
  lines: readonly (ImportedLine | ImportOutcome)[],
  duplicateEmails: boolean,
): Promise<ImportOutcome[]> {
  const fitting = new Set<ImportedLine>();
  for (const line of lines) if ('record' in line && (await fits(db, line))) fitting.add(line);
  const { refusal, missingCampaigns } = await insertRecords(
    db,
    workspaceId,
    [...fitting].map(({ record }) => record),
    duplicateEmails,
  );
  return lines.map((read) => {
    if (!('record' in read)) return read;
    const { line, record } = read;
    const leadId = record.lead.id;
    if (!fitting.has(read)) return { line, leadId, outcome: 'failed', code: 'LEAD_TOO_LARGE' };
    const refused = refusal(leadId);
    if (refused) return { line, leadId, outcome: refused.code === 'LEAD_EXISTS' ? 'skipped' : 'failed', ...refused };
    const missing = missingCampaigns(record);
    return { line, leadId, outcome: 'imported', ...(missing.length > 0 && { missingCampaigns: missing }) };
  });
}

/** Whether the activities of a record are within their bound, as the database will write them. */
async function fits(db: Database, { record, length }: ImportedLine): Promise<boolean> {
  if (length < MEASURED_LENGTH) return true;
  const [measured] = await run<{ bytes: number }>(db, 'select octet_length($1::jsonb::text) as bytes', [JSON.stringify(record.activities)]);
  return measured!.bytes <= ACTIVITIES_MAX_BYTES_PER_LEAD;
}
