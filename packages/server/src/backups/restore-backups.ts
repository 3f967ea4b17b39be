import type { contract, LeadRecord, RestoreOutcome } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudits } from '../audit/append-audit.ts';
import { breather } from '../breather.ts';
import { type Database, run } from '../db/database.ts';
import { readBackups } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import { searchable } from '../http/ids.ts';
import type { OperationHandler } from '../http/implement.ts';
import { insertRecords } from '../leads/insert-records.ts';

/** How many backups are read at once, and from how many bytes on no further one is. */
const BATCH_BACKUPS = 250;
const BATCH_BYTES = 1_048_576;

// The lock keeps an erasure from passing between this look and the insert; in one order, so that two of these do not wait for each other.
const FIND = `
  select id, lead_id from backups where workspace_id = $1 and id = any($2) and expires_at > $3 order by id for key share`;

interface Found {
  readonly id: string;
  readonly lead_id: string;
}

/** `backups.bulkRestore`: brings back the leads of many backups, in one transaction; one that is refused holds up no other. */
export function restoreBackups({ now }: Deps): OperationHandler<typeof contract.backups.bulkRestore> {
  return async ({ body: { backupIds }, query: { allowDuplicateEmail }, caller, requestId, db }) => {
    const breathe = breather();
    const outcomes = await inTransaction(db, async (transaction) => {
      const rows = await run<Found>(transaction, FIND, [caller.workspaceId, backupIds.map(searchable), now()]);
      const there = new Map(rows.map((row) => [row.id, row]));
      const came = new Map<string, RestoreOutcome>();
      for (let left = backupIds.flatMap((id) => there.get(id) ?? []); left.length > 0;) {
        const restored = await restoreBatch(transaction, caller.workspaceId, nextBatch(left), allowDuplicateEmail);
        for (const outcome of restored) came.set(outcome.backupId, outcome);
        left = left.slice(restored.length);
        await breathe();
      }
      const all = backupIds.map((backupId) => came.get(backupId) ?? notFound(backupId));
      const restored = all.filter(({ outcome }) => outcome === 'restored');
      const entries = restored.map(({ leadId, backupId }) => ({ leadId: leadId!, details: { backupId } }));
      await appendAudits(transaction, now(), { caller, requestId }, 'backup.restored', entries);
      return all;
    });
    const count = (wanted: RestoreOutcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
    return {
      status: 200,
      body: { success: true, data: { restored: count('restored'), skipped: count('skipped'), failed: count('failed'), outcomes } },
    };
  };
}

/** Those that may be restored at once: of each lead one, so that a second one finds the lead there. */
function nextBatch(left: readonly Found[]): readonly Found[] {
  const leadIds = new Set<string>();
  for (const { lead_id: leadId } of left) {
    if (leadIds.has(leadId) || leadIds.size === BATCH_BACKUPS) break;
    leadIds.add(leadId);
  }
  return left.slice(0, leadIds.size);
}

/** Restores the first of a batch, as many as are read at once, and answers what came of them. */
async function restoreBatch(
  db: Database,
  workspaceId: string,
  batch: readonly Found[],
  duplicateEmails: boolean,
): Promise<RestoreOutcome[]> {
  const rows = await readBackups.call(db, { workspace: workspaceId, ids: batch.map(({ id }) => id), bytes: BATCH_BYTES });
  const contents = rows.map(({ content }) => JSON.parse(content!) as LeadRecord);
  const { refusal, missingCampaigns } = await insertRecords(db, workspaceId, contents, duplicateEmails);
  return contents.map((content, i) => {
    const { id: backupId, lead_id: leadId } = batch[i]!;
    const refused = refusal(leadId);
    if (refused) return { backupId, leadId, outcome: refused.code === 'LEAD_EXISTS' ? 'skipped' : 'failed', ...refused };
    const missing = missingCampaigns(content);
    return { backupId, leadId, outcome: 'restored', ...(missing.length > 0 && { missingCampaigns: missing }) };
  });
}

function notFound(backupId: string): RestoreOutcome {
  return { backupId, leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' };
}
