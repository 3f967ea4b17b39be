import type { contract } from '@leads/contract';
import { AUDIT_COLUMNS, auditEntryId, type AuditRow } from '../audit/audit-row.ts';
import { run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';

type Deletions = typeof contract.deletions;

/** The operations on deletions that have been, implemented. */
export const deletions: Implementation<Deletions> = { get: getDeletion() };

// An entry outside of its chain was not written by the server.
const LATEST = `
  select ${AUDIT_COLUMNS} from audit_log where workspace_id = $1 and lead_id = $2 and action = any($3)
    and seq between 1 and (select seq from audit_chains where workspace_id = $1 and audit_chains.chain = audit_log.chain)
  order by at desc, chain desc, seq desc limit 1`;

/** What `delete_leads` writes into the audit log. */
interface DeletionDetails {
  readonly activities: number;
  readonly campaigns: number;
  readonly backups: number;
  readonly force: boolean;
  readonly erase: boolean;
  readonly backupId: string | null;
}

function getDeletion(): OperationHandler<Deletions['get']> {
  return async ({ params: { leadId }, caller, refuse, db }) => {
    const latest = async (...actions: string[]) => (await run<AuditRow>(db, LATEST, [caller.workspaceId, searchable(leadId), actions]))[0];
    const row = await latest('lead.deleted');
    if (!row) {
      throw refuse('DELETION_NOT_FOUND', { leadId, message: 'No deletion of a lead with this ID in your workspace' });
    }
    const restored = await latest('backup.restored', 'leads.imported');
    const { force, erase, backupId, ...removed } = JSON.parse(row.details) as DeletionDetails;
    return {
      status: 200,
      body: {
        success: true,
        data: {
          leadId,
          deletedAt: row.at.toISOString(),
          keyId: row.key_id,
          requestId: row.request_id!,
          jobId: row.job_id,
          reason: row.reason,
          force,
          erase,
          removed,
          backupId,
          restoredAt: restored && restored.at > row.at ? restored.at.toISOString() : null,
          auditEntryId: auditEntryId(row),
          auditHash: row.hash.toString('hex'),
        },
      },
    };
  };
}
