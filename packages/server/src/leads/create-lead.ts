import type { contract, Lead } from '@leads/contract';
import { run } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import type { OperationHandler } from '../http/implement.ts';
import { columnsOf } from './lead-fields.ts';
import { etagOf } from './lead-row.ts';

/** `leads.create`: adds a lead. */
export function createLead({ now, newId }: Deps): OperationHandler<typeof contract.leads.create> {
  return async ({ body, caller, response, db }) => {
    const createdAt = now().toISOString();
    const lead: Lead = { id: newId('lead'), ...body, createdAt, updatedAt: createdAt, workspaceId: caller.workspaceId };
    const columns = columnsOf(lead);
    const sql = `insert into leads (${columns.map(({ column }) => column).join(', ')})
      values (${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning version`;
    const [row] = await run<{ version: string }>(
      db,
      sql,
      columns.map(({ value }) => value),
    );
    response.setHeader('Location', `/api/v1/leads/${lead.id}`);
    response.setHeader('ETag', etagOf(row!));
    return { status: 201, body: { success: true, data: lead } };
  };
}
