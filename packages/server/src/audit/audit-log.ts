import type { contract } from '@leads/contract';
import { run } from '../db/database.ts';
import { cursorPage, decodeCursor, isPosition } from '../http/cursor.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { AUDIT_COLUMNS, type AuditRow, toAuditEntry } from './audit-row.ts';

type AuditLog = typeof contract.auditLog;

/** The operations on the audit log, implemented. */
export const auditLog: Implementation<AuditLog> = { list: listAuditLog() };

const isAuditPosition = isPosition('timestamptz', 'smallint', 'bigint');

function listAuditLog(): OperationHandler<AuditLog['list']> {
  return async ({ query, caller, db }) => {
    const { action, leadId, keyId, from, to, limit, cursor } = query;
    const values: unknown[] = [caller.workspaceId];
    const conditions = ['workspace_id = $1'];
    const add = (condition: string, ...given: unknown[]) => {
      conditions.push(given.reduce<string>((sql, value) => sql.replace('?', `$${values.push(value)}`), condition));
    };
    if (action !== undefined) add('action = ?', action);
    if (leadId !== undefined) add('lead_id = ?', searchable(leadId));
    if (keyId !== undefined) add('key_id = ?', searchable(keyId));
    if (from !== undefined) add('at >= ?', new Date(from));
    if (to !== undefined) add('at < ?', new Date(to));
    if (cursor !== undefined) add('(at, chain, seq) < (?, ?, ?)', ...decodeCursor(cursor, isAuditPosition));
    values.push(limit + 1);
    const rows = await run<AuditRow>(
      db,
      `select ${AUDIT_COLUMNS} from audit_log where ${conditions.join(' and ')} order by at desc, chain desc, seq desc limit $${values.length}`,
      values,
    );
    const { items, pagination } = cursorPage(rows, limit, ({ at, chain, seq }) => [at, chain, Number(seq)]);
    return { status: 200, body: { success: true, data: { entries: items.map(toAuditEntry), pagination } } };
  };
}
