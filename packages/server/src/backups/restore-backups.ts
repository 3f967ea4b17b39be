import type { contract, LeadRecord, RestoreOutcome } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudits } from '../audit/append-audit.ts';
import { breather } from '../breather.ts';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { searchable } from '../http/ids.ts';
import type { OperationHandler } from '../http/implement.ts';
import { insertRecords } from '../leads/insert-records.ts';

/** How many backups are read at once, and how many characters of them. */
const BATCH_BACKUPS = 250;
const BATCH_LENGTH = 1_048_576;

// The lock keeps an erasure from passing between this look and the insert; in one order, so that two of these do not wait for each other.
const FIND = `
  select id, lead_id, octet_length(content::text) as length from backups
  where workspace_id = $1 and id = any($2) and expires_at > $3 order by id for key share`;
const READ = 'select id, content from backups where workspace_id = $1 and id = any($2)';

interface Found {
  readonly id: string;
  readonly lead_id: string;
  readonly length: number;
}

/** `backups.bulkRestore`: brings back the leads of many backups, in one transaction; one that is refused holds up no other. */
export function restoreBackups({ now }: Deps): OperationHandler<typeof contract.backups.bulkRestore> {
  return async ({ body: { backupIds }, query: { allowDuplicateEmail }, caller, requestId, db }) => {
    const breathe = breather();
    const outcomes = await inTransaction(db, async (transaction) => {
      const rows = await run<Found>(transaction, FIND, [caller.workspaceId, backupIds.map(searchable), now()]);
      const there = new Map(rows.map((row) => [row.id, row]));
      const came = new Map<string, RestoreOutcome>();
      for (const batch of batchesOf(backupIds.flatMap((id) => there.get(id) ?? []))) {
        for (const outcome of await restoreBatch(transaction, caller.workspaceId, batch, allowDuplicateEmail))
          came.set(outcome.backupId, outcome);
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

/** Groups whose contents are read at once; of one lead there is one backup in each, so that a second one finds the lead there. */
function* batchesOf(found: readonly Found[]): Generator<Found[]> {
  let batch: Found[] = [];
  let length = 0;
  for (const backup of found) {
    if (batch.length === BATCH_BACKUPS || length >= BATCH_LENGTH || batch.some(({ lead_id: leadId }) => leadId === backup.lead_id)) {
      yield batch;
      [batch, length] = [[], 0];
    }
    batch.push(backup);
    length += backup.length;
  }
  if (batch.length > 0) yield batch;
}

async function restoreBatch(
  db: Database,
  workspaceId: string,
  batch: readonly Found[],
  duplicateEmails: boolean,
): Promise<RestoreOutcome[]> {
  const rows = await run<{ id: string; content: LeadRecord }>(db, READ, [workspaceId, batch.map(({ id }) => id)]);
  const contents = new Map(rows.map(({ id, content }) => [id, content]));
  const { refusal, missingCampaigns } = await insertRecords(db, workspaceId, [...contents.values()], duplicateEmails);
  return batch.map(({ id: backupId, lead_id: leadId }) => {
    const refused = refusal(leadId);
    if (refused) return { backupId, leadId, outcome: refused.code === 'LEAD_EXISTS' ? 'skipped' : 'failed', ...refused };
    const missing = missingCampaigns(contents.get(backupId)!);
    return { backupId, leadId, outcome: 'restored', ...(missing.length > 0 && { missingCampaigns: missing }) };
  });
}

function notFound(backupId: string): RestoreOutcome {
  return { backupId, leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' };
}
