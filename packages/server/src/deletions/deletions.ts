import type { contract } from '@leads/contract';
import { AUDIT_COLUMNS, auditEntryId, type AuditRow } from '../audit/audit-row.ts';
import { run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';

type Deletions = typeof contract.deletions;

/** The operations on deletions that have been, implemented. */
export const deletions: Implementation<Deletions> = { get: getDeletion() };

// One statement, so that all is of the same moment. The times of a lead's entries have the order of what was done. An entry outside
// of its chain was not written by the server.
const LATEST = `
  with entries as (
    select * from audit_log where workspace_id = $1 and lead_id = $2
      and seq between 1 and (select seq from audit_chains where workspace_id = $1 and audit_chains.chain = audit_log.chain)
  )
  select ${AUDIT_COLUMNS},
    (select max(at) from entries where action in ('backup.restored', 'leads.imported') and at > deletion.at) as restored_at,
    (select max(at) from entries where action = 'lead.erased' and at > deletion.at) as erased_at
  from entries as deletion where action = 'lead.deleted' order by at desc limit 1`;

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
    const [row] = await run<AuditRow & { restored_at: string | null; erased_at: string | null }>(db, LATEST, [
      caller.workspaceId,
      searchable(leadId),
    ]);
    if (!row) {
      throw refuse('DELETION_NOT_FOUND', { leadId, message: 'No deletion of a lead with this ID in your workspace' });
    }
    const { force, erase, backupId, ...removed } = JSON.parse(row.details) as DeletionDetails;
    return {
      status: 200,
      body: {
        success: true,
        data: {
          leadId,
          deletedAt: row.at,
          keyId: row.key_id,
          requestId: row.request_id!,
          jobId: row.job_id,
          reason: row.reason,
          force,
          erase,
          removed,
          backupId,
          restoredAt: row.restored_at,
          erasedAt: erase ? row.at : row.erased_at,
          auditEntryId: auditEntryId(row),
          auditHash: row.hash.toString('hex'),
        },
      },
    };
  };
}
