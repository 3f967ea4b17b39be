import { setImmediate } from 'node:timers/promises';
import { type contract, IMPORT_MAX_LINES, issuesOf, ImportLeadsResponseSchema, type LeadRecord, LeadRecordSchema } from '@leads/contract';
import type * as z from 'zod';
import type { Deps } from '../deps.ts';
import { appendAudits } from '../audit/append-audit.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { insertRecords } from './insert-records.ts';

type Outcome = z.infer<typeof ImportLeadsResponseSchema>['data']['outcomes'][number];

/** How many lines are checked, and then written, before other requests get their turn. */
const BATCH_LINES = 250;

/** `leads.import`: brings in what `leads.export` wrote, in one transaction; a line that is wrong holds up no other. */
export function importLeads({ now }: Deps): OperationHandler<typeof contract.leads.import> {
  return async ({ body, query, caller, requestId, refuse, db }) => {
    const lines = body.split('\n').flatMap((text, i) => (text.trim() === '' ? [] : [{ text, line: i + 1 }]));
    if (lines.length > IMPORT_MAX_LINES) {
      const message = `Must have at most ${IMPORT_MAX_LINES} lines: send it in parts`;
      throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body', message, code: 'too_big' }] });
    }
    const seen = new Set<string>();
    const parsed: (Outcome | ParsedLine)[] = [];
    for (const [i, line] of lines.entries()) {
      if (i % BATCH_LINES === 0) await setImmediate();
      parsed.push(parseLine(line, seen));
    }
    const outcomes = await inTransaction(db, async (transaction) => {
      const written = new Map<number, Outcome>();
      const records = parsed.filter((line): line is ParsedLine => 'record' in line);
      for (let i = 0; i < records.length; i += BATCH_LINES) {
        for (const outcome of await writeLines(
          transaction,
          caller.workspaceId,
          records.slice(i, i + BATCH_LINES),
          query.allowDuplicateEmail,
        ))
          written.set(outcome.line, outcome);
      }
      const imported = [...written.values()].flatMap(({ outcome, leadId }) => (outcome === 'imported' ? [leadId!] : []));
      await appendAudits(transaction, now(), { caller, requestId }, 'leads.imported', imported);
      return parsed.map((line) => ('record' in line ? written.get(line.line)! : line));
    });
    const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
    return {
      status: 200,
      body: { success: true, data: { imported: count('imported'), skipped: count('skipped'), failed: count('failed'), outcomes } },
    };
  };
}

interface ParsedLine {
  readonly line: number;
  readonly record: LeadRecord;
}

function parseLine({ text, line }: { text: string; line: number }, seen: Set<string>): Outcome | ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, leadId: null, outcome: 'failed', code: 'INVALID_JSON' };
  }
  const { success, data, error } = LeadRecordSchema.safeParse(value);
  const id = (value as { lead?: { id?: unknown } } | null)?.lead?.id;
  const leadId = typeof id === 'string' ? id.slice(0, 64) : null;
  const failed = (issues: Outcome['issues']): Outcome => ({ line, leadId, outcome: 'failed', code: 'VALIDATION_ERROR', issues });
  if (!success) return failed(issuesOf('', error));
  const problem = inconsistency(data);
  if (problem) return failed([problem]);
  if (seen.has(data.lead.id)) return failed([{ location: 'lead.id', message: 'Stands in an earlier line already', code: 'custom' }]);
  seen.add(data.lead.id);
  return { line, record: data };
}

/** What is wrong with a record whose parts are each right. */
function inconsistency({ lead, activities, campaigns }: LeadRecord) {
  const issue = (location: string, message: string) => ({ location, message, code: 'custom' });
  const strange = activities.findIndex(({ leadId }) => leadId !== lead.id);
  if (strange !== -1) return issue(`activities.${strange}.leadId`, 'Must be the id of the lead');
  if (new Set(activities.map(({ id }) => id)).size < activities.length) return issue('activities', 'Must not hold an activity twice');
  if (new Set(campaigns.map(({ id }) => id)).size < campaigns.length) return issue('campaigns', 'Must not hold a campaign twice');
  return undefined;
}

async function writeLines(db: Database, workspaceId: string, lines: readonly ParsedLine[], duplicateEmails: boolean): Promise<Outcome[]> {
  const { refusal, missingCampaigns } = await insertRecords(
    db,
    workspaceId,
    lines.map(({ record }) => record),
    duplicateEmails,
  );
  return lines.map(({ line, record }) => {
    const leadId = record.lead.id;
    const refused = refusal(leadId);
    if (refused) return { line, leadId, outcome: refused.code === 'LEAD_EXISTS' ? 'skipped' : 'failed', ...refused };
    const missing = missingCampaigns(record);
    return { line, leadId, outcome: 'imported', ...(missing.length > 0 && { missingCampaigns: missing }) };
  });
}
