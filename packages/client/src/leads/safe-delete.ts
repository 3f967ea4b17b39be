import type { DeletionReceipt, LeadsDeleteResult, LeadsDeletionPreviewResult } from '../api.generated.ts';
import { LeadsApiError, LeadsError } from '../errors.ts';
import type { CallOptions, LeadsClient } from '../types.ts';

/** What is asked before a lead is deleted; `previous` is what was shown the last time, where it changed since. */
export type ConfirmDeletion = (
  preview: LeadsDeletionPreviewResult,
  previous: LeadsDeletionPreviewResult | null,
) => boolean | Promise<boolean>;

/** How a lead is deleted safely. */
export interface SafeDeleteOptions extends CallOptions {
  /** Shows who would be deleted, what goes with the lead and what stands in the way, and says whether to go on. */
  readonly confirm: ConfirmDeletion;
  /** Keeps a backup, made together with the deletion: true when left out, unless `erase` is set. */
  readonly backup?: boolean;
  /** Deletes the backups of the lead too, so that nothing is left of it. */
  readonly erase?: boolean;
  /** Deletes the lead although it is in an active campaign. Needs the scope `leads:force`. */
  readonly force?: boolean;
  /** Why, for the audit log. Not for personal data. */
  readonly reason?: string;
}

/** How a safe deletion ended. */
export type SafeDeleteResult =
  | {
      readonly outcome: 'deleted';
      readonly deletion: LeadsDeleteResult;
      /** What the API keeps as proof; null where it could not be read, although the lead is deleted. */
      readonly receipt: DeletionReceipt | null;
    }
  /** `confirm` said no. Nothing was changed. */
  | { readonly outcome: 'cancelled'; readonly preview: LeadsDeletionPreviewResult }
  /** The lead is in the active campaigns of `preview.blockers`. Nothing was changed, and nobody was asked. */
  | { readonly outcome: 'blocked'; readonly preview: LeadsDeletionPreviewResult };

/** The refusals that say: this is not what was shown. */
const CHANGED: ReadonlySet<string> = new Set(['CONFIRMATION_STALE', 'PRECONDITION_FAILED', 'CONFIRMATION_TOKEN_INVALID', 'LEAD_IN_USE']);
const ASKED_AT_MOST = 10;

/**
 * Looks, asks, and deletes exactly what was shown: with its version, its confirmation token and a backup, in one transaction. Where
 * anything changed between the look and the delete, nothing is deleted, and `confirm` is asked again with what is there now; ten
 * times at most.
 * @throws `LeadsApiError` with `LEAD_NOT_FOUND` where the lead is not there, and whatever a call throws.
 */
export async function safeDelete(client: LeadsClient, leadId: string, options: SafeDeleteOptions): Promise<SafeDeleteResult> {
  const { confirm, erase = false, backup = !erase, force = false, reason, ...call } = options;
  let previous: LeadsDeletionPreviewResult | null = null;
  for (let asked = 1; ; asked++) {
    const preview: LeadsDeletionPreviewResult = await client.leads.deletionPreview(leadId, call);
    if (!preview.deletable && !force) return { outcome: 'blocked', preview };
    if (!(await confirm(preview, previous))) return { outcome: 'cancelled', preview };
    try {
      const deletion = await client.leads.delete(
        leadId,
        { backup, ...(erase && { erase }), ...(force && { force }), ...(reason !== undefined && { reason }) },
        { ...call, ifMatch: preview.etag, confirmationToken: preview.confirmationToken },
      );
      return { outcome: 'deleted', deletion, receipt: await receiptOf(client, leadId, call) };
    } catch (error) {
      if (!(error instanceof LeadsApiError) || !CHANGED.has(error.code) || asked === ASKED_AT_MOST) throw error;
      previous = preview;
    }
  }
}

async function receiptOf(client: LeadsClient, leadId: string, call: CallOptions): Promise<DeletionReceipt | null> {
  try {
    return await client.deletions.get(leadId, call);
  } catch (error) {
    // The lead is deleted, whatever becomes of the proof; to throw would say otherwise.
    if (error instanceof LeadsError) return null;
    throw error;
  }
}
