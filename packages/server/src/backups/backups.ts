import type { Backup, contract, LeadRecord } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { run } from '../db/database.ts';
import { backUpLeads } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import { cursorPage, decodeCursor, isTimePosition } from '../http/cursor.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';
import { SELECT_LEAD } from '../leads/get-lead.ts';
import { insertRecords } from '../leads/insert-records.ts';
import { type LeadRow, toLead } from '../leads/lead-fields.ts';
import { etagOf, leadNotFound } from '../leads/lead-row.ts';
import { restoreBackups } from './restore-backups.ts';

type Backups = typeof contract.backups;

/** The operations on backups, implemented. */
export function backups(deps: Deps): Implementation<Backups> {
  return {
    create: createBackup(deps),
    list: listBackups(deps),
    get: getBackup(deps),
    restore: restoreBackup(deps),
    bulkRestore: restoreBackups(deps),
    delete: deleteBackup(deps),
  };
}

const COLUMNS = 'id, lead_id, activities, campaigns, created_at, expires_at';
// The lock makes a deletion wait that would leave the backup of a lead that it erases.
const LOCK_LEAD = 'select id from leads where workspace_id = $1 and id = $2 for key share';
const FIND = `select ${COLUMNS} from backups where workspace_id = $1 and id = $2 and expires_at > $3`;
const FIND_CONTENT = `select ${COLUMNS}, content from backups where workspace_id = $1 and id = $2 and expires_at > $3`;
const DELETE = 'delete from backups where workspace_id = $1 and id = $2 and expires_at > $3 returning lead_id';

interface BackupRow {
  readonly id: string;
  readonly lead_id: string;
  readonly activities: number;
  readonly campaigns: number;
  readonly created_at: string;
  readonly expires_at: string;
}

function createBackup({ now, newId, backupLifetime }: Deps): OperationHandler<Backups['create']> {
  return ({ params: { leadId }, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [lead] = await run(transaction, LOCK_LEAD, [caller.workspaceId, searchable(leadId)]);
      if (!lead) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
      const at = now();
      const backupId = newId('backup');
      await backUpLeads.call(transaction, {
        workspace: caller.workspaceId,
        ids: [leadId],
        backup_ids: [backupId],
        at,
        expires_at: backupLifetime(at),
      });
      const [row] = await run<BackupRow>(transaction, FIND, [caller.workspaceId, backupId, at]);
      await appendAudit(transaction, at, { caller, requestId }, { action: 'backup.created', leadId, details: { backupId } });
      response.setHeader('Location', `/api/v1/backups/${backupId}`);
      return { status: 201, body: { success: true, data: toBackup(row!) } };
    });
}

function listBackups({ now }: Deps): OperationHandler<Backups['list']> {
  return async ({ query: { leadId, limit, cursor }, caller, db }) => {
    const values: unknown[] = [caller.workspaceId, now()];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const conditions = ['workspace_id = $1', 'expires_at > $2'];
    if (leadId !== undefined) conditions.push(`lead_id = ${parameter(searchable(leadId))}`);
    if (cursor !== undefined) conditions.push(`(created_at, id) < (${decodeCursor(cursor, isTimePosition).map(parameter).join(', ')})`);
    const sql = `select ${COLUMNS} from backups where ${conditions.join(' and ')} order by created_at desc, id desc limit ${parameter(limit + 1)}`;
    const rows = await run<BackupRow>(db, sql, values);
    const { items, pagination } = cursorPage(rows, limit, (row) => [row.created_at, row.id]);
    return { status: 200, body: { success: true, data: { backups: items.map(toBackup), pagination } } };
  };
}

function getBackup({ now }: Deps): OperationHandler<Backups['get']> {
  return async ({ params: { backupId }, caller, refuse, db }) => {
    const values = [caller.workspaceId, searchable(backupId), now()];
    const [row] = await run<BackupRow & { content: LeadRecord }>(db, FIND_CONTENT, values);
    if (!row) throw refuse('BACKUP_NOT_FOUND', backupNotFound(backupId));
    return { status: 200, body: { success: true, data: { backup: toBackup(row), content: row.content } } };
  };
}

function restoreBackup({ now }: Deps): OperationHandler<Backups['restore']> {
  return ({ params: { backupId }, query: { allowDuplicateEmail }, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      // The lock keeps an erasure from passing between this look and the insert.
      const [row] = await run<BackupRow & { content: LeadRecord }>(transaction, `${FIND_CONTENT} for key share`, [
        caller.workspaceId,
        searchable(backupId),
        now(),
      ]);
      if (!row) throw refuse('BACKUP_NOT_FOUND', backupNotFound(backupId));
      const { refusal, missingCampaigns } = await insertRecords(transaction, caller.workspaceId, [row.content], allowDuplicateEmail);
      const leadId = row.lead_id;
      const refused = refusal(leadId);
      if (refused?.code === 'EMAIL_EXISTS') throw refuse(refused.code, { leadId, existingLeadId: refused.existingLeadId });
      if (refused?.code === 'SUPPRESSED') throw refuse(refused.code, { erasureId: refused.erasureId });
      if (refused) throw refuse(refused.code, { leadId });
      const [lead] = await run<LeadRow>(transaction, SELECT_LEAD, [caller.workspaceId, leadId]);
      const missing = missingCampaigns(row.content);
      await appendAudit(transaction, now(), { caller, requestId }, { action: 'backup.restored', leadId, details: { backupId } });
      response.setHeader('Location', `/api/v1/leads/${encodeURIComponent(leadId)}`);
      response.setHeader('ETag', etagOf(lead!));
      return {
        status: 201,
        body: {
          success: true,
          data: {
            lead: toLead(lead!),
            restored: { activities: row.activities, campaigns: row.campaigns - missing.length },
            missingCampaigns: missing,
          },
        },
      };
    });
}

function deleteBackup({ now }: Deps): OperationHandler<Backups['delete']> {
  return ({ params: { backupId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const at = now();
      const [row] = await run<{ lead_id: string }>(transaction, DELETE, [caller.workspaceId, searchable(backupId), at]);
      if (!row) throw refuse('BACKUP_NOT_FOUND', backupNotFound(backupId));
      const entry = { action: 'backup.deleted', leadId: row.lead_id, details: { backupId } } as const;
      await appendAudit(transaction, at, { caller, requestId }, entry);
      return {
        status: 200,
        body: { success: true, message: 'Backup deleted successfully', data: { id: backupId, deletedAt: at.toISOString() } },
      };
    });
}

function toBackup(row: BackupRow): Backup {
  return {
    id: row.id,
    leadId: row.lead_id,
    attached: { activities: row.activities, campaigns: row.campaigns },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function backupNotFound(backupId: string) {
  return { backupId, message: 'No backup found with this ID in your workspace' } as const;
}
