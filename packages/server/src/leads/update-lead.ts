import { type contract, isWithinSize, LEAD_METADATA_MAX_BYTES, tooLarge } from '@leads/contract';
import type { ServerInferRequest } from '@ts-rest/core';
import type { Deps } from '../deps.ts';
import { type Database, runShort } from '../db/database.ts';
import * as functions from '../db/functions.ts';
import { inTransaction, retrying } from '../db/transaction.ts';
import type { OperationHandler } from '../http/implement.ts';
import { isImpossibleId } from '../http/ids.ts';
import { type LeadRow, rowOf, toLead } from './lead-fields.ts';
import { etagOf, leadNotFound, versionSeen } from './lead-row.ts';

type Changes = ServerInferRequest<typeof contract.leads.update>['body'];

/** The lead as it is now; where `code` is not null nothing was changed, and of the lead there is the version. */
interface Changed extends LeadRow {
  readonly code: 'LEAD_NOT_FOUND' | 'PRECONDITION_FAILED' | 'SUPPRESSED' | 'TOO_LARGE' | null;
  readonly erasure_id: string | null;
}

/** `leads.update`: changes the fields that are sent. */
export function updateLead({ now }: Deps): OperationHandler<typeof contract.leads.update> {
  return async ({ params: { leadId }, headers, body, caller, refuse, response, db }) => {
    if (isImpossibleId(leadId)) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    const version = await versionSeen(db, caller.workspaceId, leadId, headers['if-match']);
    const { metadata, ...fields } = body;
    const change = (on: Database, metadataMaxBytes: number | null) =>
      functions.updateLead
        .call(
          on,
          {
            workspace: caller.workspaceId,
            id: leadId,
            version,
            changes: rowOf(fields),
            metadata: metadata === undefined ? null : JSON.stringify(metadata),
            metadata_max_bytes: metadataMaxBytes,
            names_person: namesPerson(body),
            at: now(),
          },
          runShort,
        )
        .then(([row]) => row as unknown as Changed);
    let row = await retrying(db, () => change(db, LEAD_METADATA_MAX_BYTES));
    // PostgreSQL's text of the metadata is longer than its JSON by some spaces: what is too long as text is changed in a transaction,
    // measured exactly, and taken back if it really is too large.
    if (row.code === 'TOO_LARGE') {
      row = await inTransaction(db, async (transaction) => {
        const changed = await change(transaction, null);
        if (changed.code === null && !isWithinSize(changed.metadata, LEAD_METADATA_MAX_BYTES)) {
          const message = `${tooLarge(LEAD_METADATA_MAX_BYTES)} after the merge`;
          throw refuse('VALIDATION_ERROR', { issues: [{ location: 'body.metadata', message, code: 'too_big' }] });
        }
        return changed;
      });
    }
    if (row.code === 'LEAD_NOT_FOUND') throw refuse(row.code, leadNotFound(leadId));
    if (row.code === 'PRECONDITION_FAILED') throw refuse(row.code, { leadId, etag: etagOf(row) });
    if (row.code === 'SUPPRESSED') throw refuse(row.code, { erasureId: row.erasure_id! });
    response.setHeader('ETag', etagOf(row));
    return { status: 200, body: { success: true, data: toLead(row) } };
  };
}

/** Whether a change may give the lead to somebody who was erased. */
function namesPerson({ email, phone }: Changes): boolean {
  return email !== undefined || typeof phone === 'string';
}
