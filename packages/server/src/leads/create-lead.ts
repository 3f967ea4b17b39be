import type { contract, Lead } from '@leads/contract';
import type { Deps } from '../app.ts';
import { run } from '../db/database.ts';
import type { OperationHandler } from '../http/implement.ts';
import { etagOf } from './lead-row.ts';

const INSERT = `
  insert into leads (workspace_id, id, name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
  returning version`;

/** `leads.create`: adds a lead. */
export function createLead({ now, newId }: Deps): OperationHandler<typeof contract.leads.create> {
  return async ({ body, caller, response, db }) => {
    const { name, email, phone = null, source = null, status = 'new', metadata = {} } = body;
    const createdAt = now().toISOString();
    const lead: Lead = {
      id: newId('lead'),
      name,
      email,
      phone,
      source,
      status,
      metadata,
      createdAt,
      updatedAt: createdAt,
      workspaceId: caller.workspaceId,
    };
    const [row] = await run<{ version: string }>(db, INSERT, [
      caller.workspaceId,
      lead.id,
      name,
      email,
      name.toLowerCase(),
      email.toLowerCase(),
      phone,
      source,
      status,
      JSON.stringify(metadata),
      createdAt,
    ]);
    response.setHeader('Location', `/api/v1/leads/${lead.id}`);
    response.setHeader('ETag', etagOf(row!));
    return { status: 201, body: { success: true, data: lead } };
  };
}
