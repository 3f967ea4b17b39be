import { type contract, LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { run } from '../db/database.ts';
import { archiveLeads } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { searchable } from '../http/ids.ts';
import { type LeadRow, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';
import { SELECT_LEAD } from './get-lead.ts';

/** `leads.archive`: sets the status to lost and writes the archive's fields into the metadata. */
export function archiveLead({ now }: Deps): OperationHandler<typeof contract.leads.archive> {
  return ({ params: { leadId }, headers, body, caller, requestId, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const [outcome] = await archiveLeads.call(transaction, {
        workspace: caller.workspaceId,
        ids: [searchable(leadId)],
        versions: [await versionSeen(transaction, caller.workspaceId, leadId, headers['if-match'])],
        atomic: false,
        metadata_max_bytes: LEAD_METADATA_MAX_BYTES,
        at: now(),
        key: caller.keyId,
        request: requestId,
        job: null,
        reason: body.reason ?? null,
      });
      const { code, version } = outcome!;
      if (code === 'LEAD_NOT_FOUND') throw refuse(code, leadNotFound(leadId));
      if (code === 'PRECONDITION_FAILED') throw refuse(code, { leadId, etag: etagOf({ version }) });
      if (code === 'VALIDATION_ERROR') {
        const message = `Leaves no room in the metadata of the lead, which may have ${LEAD_METADATA_MAX_BYTES} bytes as JSON: remove a key first`;
        throw refuse(code, { issues: [{ location: 'body.reason', message, code: 'too_big' }] });
      }
      const [row] = await run<LeadRow>(transaction, SELECT_LEAD, [caller.workspaceId, leadId]);
      response.setHeader('ETag', etagOf(row!));
      return { status: 200, body: { success: true, data: toLead(row!) } };
    });
}
